-- Order lines by market and ten seconds of the time they were produced; sums that rested for a day are forgotten.
INSERT INTO order_activity
SELECT /*+ STATE_TTL('order_lines' = '1d') */
    activity_bucket AS bucket_start,
    market,
    COUNT(*) AS order_lines,
    SUM(quantity) AS total_item_quantity,
    CENTS_TO_MONEY(SUM(sales_cents)) AS total_sales
FROM order_lines
GROUP BY activity_bucket, market
