-- What a run has published: series and their demand, by level, status and model.
SELECT
    level,
    status,
    coalesce(model, '') AS model,
    count(*) AS series,
    coalesce(sum((SELECT sum(day.yhat) FROM unnest(yhat) AS day (yhat))), 0) AS demand
FROM forecast_series
WHERE run_id = %(run_id)s
GROUP BY level, status, model
ORDER BY level, status, model
