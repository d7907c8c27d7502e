-- Add the order lines of a day after the last line: all of them, and once, since that line must still be the last one,
-- and their source published. A customer who is not known fails on a column that may not be null.
INSERT INTO order_lines
(
    position, order_item_id, order_id, order_date, product_id, retailer_id, customer_id, location_id, quantity,
    unit_price, discount, sales, profit, payment_type, order_status, delivery_status, shipping_mode, shipping_date,
    real_shipping_days, scheduled_shipping_days, late_delivery_risk, market, order_region, order_country
)
WITH last_line AS (
    SELECT order_lines.position
    FROM order_lines
    INNER JOIN data_gen ON data_gen.module = 'order_lines' AND data_gen.checksum = %(checksum)s  -- noqa: RF02
    ORDER BY order_lines.position DESC
    LIMIT 1
)

SELECT
    last_line.position + row_number() OVER (ORDER BY line.order_item_id ASC) AS position,
    line.order_item_id,
    line.order_id,
    line.order_date,
    line.product_id,
    customers.retailer_id,
    line.customer_id,
    line.location_id,
    line.quantity,
    line.unit_price,
    line.discount,
    line.sales,
    line.profit,
    line.payment_type,
    line.order_status,
    line.delivery_status,
    line.shipping_mode,
    line.shipping_date,
    line.real_shipping_days,
    line.scheduled_shipping_days,
    line.late_delivery_risk,
    line.market,
    line.order_region,
    line.order_country
FROM json_populate_recordset(null::order_lines, %(lines)s) AS line  -- noqa: RF02
INNER JOIN last_line ON last_line.position = %(after)s  -- noqa: RF02
LEFT JOIN customers ON line.customer_id = customers.customer_id
