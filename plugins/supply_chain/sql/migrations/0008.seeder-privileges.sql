-- What the stream writes the seeder may clear, together with its source, and not change.
-- depends: 0007.dashboards

REVOKE INSERT, UPDATE, DELETE ON
daily_aggregates, order_activity, recent_orders, rejected_events, kafka_sent
FROM supply_chain_seeder;
