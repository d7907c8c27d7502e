-- The ring of the latest order lines: in each slot the line with the highest offset.
INSERT INTO recent_orders
SELECT
    slots.kafka_partition,
    slots.slot,
    -- noqa: disable=RF01
    line.kafka_offset,
    CAST(line.produced_at AS TIMESTAMP(3)) AS produced_at,
    line.order_item_id,
    line.order_id,
    line.order_date,
    line.product_id,
    line.retailer_id,
    line.customer_id,
    line.quantity,
    line.sales,
    line.order_status,
    line.delivery_status,
    line.shipping_mode,
    line.market,
    line.order_country
    -- noqa: enable=RF01
FROM (
    SELECT
        kafka_partition,
        slot,
        NEWEST_ORDER_LINE(
            kafka_offset,
            produced_at,
            order_item_id,
            order_id,
            order_date,
            product_id,
            retailer_id,
            customer_id,
            quantity,
            CENTS_TO_MONEY(sales_cents),
            order_status,
            delivery_status,
            shipping_mode,
            market,
            order_country
        ) AS line
    FROM (
        SELECT
            *,
            CAST(MOD(kafka_offset, ${recent_orders_kept}) AS INT) AS slot
        FROM order_lines
    ) AS lines
    GROUP BY kafka_partition, slot
) AS slots
