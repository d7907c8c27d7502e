-- Pairs of product and store with some history, an even sample.
SELECT
    product_id,
    retailer_id
FROM daily_aggregates
GROUP BY product_id, retailer_id
HAVING count(*) >= 20
ORDER BY md5(product_id || ':' || retailer_id)
