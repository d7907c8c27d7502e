-- A sample of all pairs that ever sold, the same each time: those that sold once are in it as often as they are.
SELECT
    product_id,
    retailer_id
FROM daily_aggregates
WHERE order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD')
GROUP BY product_id, retailer_id
ORDER BY md5(product_id || ':' || retailer_id)
