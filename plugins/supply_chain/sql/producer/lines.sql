-- The next order lines in replay order, each as the event that goes to Kafka.
SELECT
    lines.position,
    lines.order_date,
    lines.order_id,
    row_to_json(events)::text AS event
FROM order_lines AS lines
CROSS JOIN
    LATERAL (  -- noqa: ST05
        SELECT
            lines.order_item_id,
            lines.order_id,
            lines.order_date,
            lines.product_id,
            lines.retailer_id,
            lines.customer_id,
            lines.quantity,
            lines.unit_price,
            lines.discount,
            lines.sales,
            lines.profit,
            lines.payment_type,
            lines.order_status,
            lines.delivery_status,
            lines.shipping_mode,
            lines.shipping_date,
            lines.real_shipping_days,
            lines.scheduled_shipping_days,
            lines.late_delivery_risk,
            lines.market,
            lines.order_region,
            lines.order_country
    ) AS events
WHERE lines.position > %(after)s  -- noqa: RF02
ORDER BY lines.position
LIMIT %(limit)s
