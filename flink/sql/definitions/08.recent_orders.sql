-- The ring of the latest order lines.
CREATE TEMPORARY TABLE recent_orders (
    kafka_partition INT,
    slot INT,
    kafka_offset BIGINT,
    produced_at TIMESTAMP(3),
    order_item_id BIGINT,
    order_id BIGINT,
    order_date TIMESTAMP(6),
    product_id INT,
    retailer_id INT,
    customer_id BIGINT,
    quantity BIGINT,
    sales DECIMAL(14, 2),
    order_status STRING,
    delivery_status STRING,
    shipping_mode STRING,
    market STRING,
    order_country STRING,
    PRIMARY KEY (kafka_partition, slot) NOT ENFORCED
) WITH (
    'connector' = 'jdbc',
    'url' = '${database_url}',
    'table-name' = 'recent_orders',
    'sink.buffer-flush.max-rows' = '${flush_rows}',
    'sink.buffer-flush.interval' = '${flush_interval}'
)
