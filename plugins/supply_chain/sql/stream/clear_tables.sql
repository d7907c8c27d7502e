-- Empty what the stream has written: the topic that it was computed from is gone.
TRUNCATE daily_aggregates, order_activity, recent_orders, rejected_events;
UPDATE inventory SET sold_quantity = 0
WHERE sold_quantity <> 0
