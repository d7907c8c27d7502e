-- The forecasts of one run as totals over its days, with names: the pairs where products or stores were asked for.
SELECT
    series.model,
    series.status,
    series.total_28_p10,
    series.total_28_p90,
    total.yhat AS demand,
    coalesce(products.product_name, 'all') AS product,
    coalesce(nullif(concat_ws(', ', retailers.retailer_city, retailers.retailer_state), ''), 'all') AS store
FROM forecast_series AS series
LEFT JOIN products ON series.product_id = products.product_id
LEFT JOIN retailers ON series.retailer_id = retailers.retailer_id
CROSS JOIN LATERAL (SELECT sum(day.yhat) AS yhat FROM unnest(series.yhat) AS day (yhat)) AS total
WHERE series.run_id = %(run_id)s AND series.level = %(level)s
ORDER BY total.yhat DESC NULLS LAST
