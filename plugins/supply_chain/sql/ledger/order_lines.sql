-- The source: what the order producer had to send, in the columns that the tables are made of.
SELECT  -- noqa: ST06
    order_lines.position,
    order_lines.order_item_id,
    order_lines.order_id,
    (order_lines.order_date AT TIME ZONE 'UTC')::date AS ds,
    order_lines.product_id,
    order_lines.retailer_id,
    order_lines.customer_id,
    order_lines.quantity,
    (order_lines.sales * 100)::bigint AS sales_cents,
    (order_lines.profit * 100)::bigint AS profit_cents,
    order_lines.order_status,
    order_lines.delivery_status,
    order_lines.real_shipping_days,
    order_lines.scheduled_shipping_days,
    order_lines.late_delivery_risk
FROM order_lines
WHERE order_lines.position > %(after)s  -- noqa: RF02
