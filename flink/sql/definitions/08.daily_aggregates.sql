-- Sums of order lines by UTC day, store, product and status; PostgreSQL makes the averages of them.
CREATE TEMPORARY TABLE daily_aggregates (
    ds DATE,
    retailer_id INT,
    product_id INT,
    order_status STRING,
    order_lines BIGINT,
    total_item_quantity BIGINT,
    total_sales DECIMAL(18, 2),
    total_profit DECIMAL(18, 2),
    sum_real_shipping_days BIGINT,
    sum_scheduled_shipping_days BIGINT,
    sum_late_risk BIGINT,
    late_deliveries BIGINT,
    on_time_deliveries BIGINT,
    advance_deliveries BIGINT,
    canceled_deliveries BIGINT,
    PRIMARY KEY (ds, retailer_id, product_id, order_status) NOT ENFORCED
) WITH (
    'connector' = 'jdbc',
    'url' = '${database_url}',
    'table-name' = 'daily_aggregates',
    'sink.buffer-flush.max-rows' = '${flush_rows}',
    'sink.buffer-flush.interval' = '${flush_interval}'
)
