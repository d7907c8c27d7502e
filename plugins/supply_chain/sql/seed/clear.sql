-- Everything that came from the former source, the stream's tables included.
TRUNCATE
products, retailers, locations, customers, order_lines, inventory, data_gen, rejected_rows,
daily_aggregates, order_activity, recent_orders, rejected_events, kafka_sent
