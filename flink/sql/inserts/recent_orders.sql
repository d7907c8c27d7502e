-- The ring of the latest order lines: in each slot the line with the highest offset.
INSERT INTO recent_orders
SELECT
    kafka_partition,
    slot,
    kafka_offset,
    produced_at,
    order_item_id,
    order_id,
    order_date,
    product_id,
    retailer_id,
    customer_id,
    quantity,
    sales,
    order_status,
    delivery_status,
    shipping_mode,
    market,
    order_country
FROM (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY kafka_partition, slot ORDER BY kafka_offset DESC) AS age
    FROM (
        SELECT
            kafka_partition,
            CAST(MOD(kafka_offset, ${recent_orders_kept}) AS INT) AS slot,
            kafka_offset,
            CAST(produced_at AS TIMESTAMP(3)) AS produced_at,
            order_item_id,
            order_id,
            order_date,
            product_id,
            retailer_id,
            customer_id,
            quantity,
            CAST(sales_cents * 0.01 AS DECIMAL(14, 2)) AS sales,
            order_status,
            delivery_status,
            shipping_mode,
            market,
            order_country
        FROM order_lines
    ) AS lines
) AS slots
WHERE age = 1
