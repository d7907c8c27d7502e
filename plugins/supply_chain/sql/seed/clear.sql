-- Everything that came from the former source: the stream's tables, forecasts and plans included.
TRUNCATE
products, retailers, locations, customers, order_lines, inventory, data_gen, rejected_rows,
daily_aggregates, order_activity, recent_orders, rejected_events, kafka_sent,
forecast_runs, forecast_series, forecast_accuracy, replenishment_runs, replenishment_plan
