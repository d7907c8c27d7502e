-- How many series a forecast has, and the demand that it expects in all.
SELECT
    count(*) AS series,
    coalesce(sum((SELECT sum(day.yhat) FROM unnest(yhat) AS day (yhat))) FILTER (WHERE level = 'total'), 0) AS demand
FROM forecast_series
WHERE run_id = %(run_id)s
