-- Order lines by market and ten seconds of the time they were produced; sums that rested for a day are forgotten.
INSERT INTO order_activity
SELECT /*+ STATE_TTL('lines' = '1d') */
    bucket_start,
    market,
    COUNT(*) AS order_lines,
    SUM(quantity) AS total_item_quantity,
    CAST(SUM(sales_cents) * 0.01 AS DECIMAL(18, 2)) AS total_sales
FROM (
    SELECT
        market,
        quantity,
        sales_cents,
        TIMESTAMPADD(  -- noqa: PRS, CP02
            SECOND,
            -CAST(MOD(EXTRACT(SECOND FROM produced_at), 10) AS INT),
            FLOOR(CAST(produced_at AS TIMESTAMP(3)) TO SECOND)
        ) AS bucket_start
    FROM order_lines
) AS lines
GROUP BY bucket_start, market
