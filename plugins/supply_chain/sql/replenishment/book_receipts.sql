-- Add what is due to the stock and mark it received, in one statement. Rows that another transaction holds are left for
-- the next attempt: whoever waits for rows while holding others can stand in a circle with the stream, which waits too.
WITH today AS (
    SELECT %(day)s::date AS ds
),

due AS MATERIALIZED (
    SELECT
        line.plan_id,
        line.retailer_id,
        line.product_id,
        line.suggested_quantity
    FROM replenishment_plan AS line
    INNER JOIN inventory AS stock
        ON line.retailer_id = stock.retailer_id AND line.product_id = stock.product_id
    INNER JOIN today ON line.receipt_day <= today.ds
    WHERE line.received_at IS NULL
    FOR UPDATE OF line, stock SKIP LOCKED
),

marked AS (
    UPDATE replenishment_plan AS line
    SET received_at = now()
    FROM due
    WHERE
        line.plan_id = due.plan_id
        AND line.retailer_id = due.retailer_id
        AND line.product_id = due.product_id
    RETURNING line.retailer_id, line.product_id, line.suggested_quantity
),

arrived AS (
    SELECT
        retailer_id,
        product_id,
        sum(suggested_quantity)::bigint AS quantity
    FROM marked
    GROUP BY retailer_id, product_id
),

booked AS (
    UPDATE inventory AS stock
    SET received_quantity = stock.received_quantity + arrived.quantity
    FROM arrived
    WHERE stock.retailer_id = arrived.retailer_id AND stock.product_id = arrived.product_id
    RETURNING arrived.quantity
)

SELECT
    (SELECT count(*) FROM marked) AS lines,
    coalesce(sum(booked.quantity), 0)::bigint AS units
FROM booked
