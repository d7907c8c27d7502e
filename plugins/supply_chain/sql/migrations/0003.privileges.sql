-- Each role may do its own job: the seeder seeds, the producer reads and reports, Flink writes, readers read.
-- depends: 0002.stream-tables

REVOKE ALL ON SCHEMA public FROM public;
GRANT USAGE ON SCHEMA public TO
supply_chain_seeder, supply_chain_producer, supply_chain_stream, supply_chain_operator, supply_chain_forecaster,
supply_chain_reader;

GRANT USAGE, CREATE ON SCHEMA staging TO supply_chain_seeder;
-- TRUNCATE of the stream's tables belongs to seeding another source in place of the present one.
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON
products, retailers, locations, customers, order_lines, inventory, data_gen, rejected_rows,
daily_aggregates, order_activity, recent_orders, rejected_events, kafka_sent
TO supply_chain_seeder;
GRANT SELECT ON stream_control TO supply_chain_seeder;

GRANT SELECT ON order_lines, data_gen, stream_control TO supply_chain_producer;
GRANT SELECT, INSERT, UPDATE ON kafka_sent TO supply_chain_producer;

GRANT SELECT ON products, retailers, customers, inventory TO supply_chain_stream;
GRANT INSERT (retailer_id, product_id, sold_quantity), UPDATE (sold_quantity)
ON inventory TO supply_chain_stream;
GRANT SELECT, INSERT, UPDATE ON daily_aggregates, order_activity, recent_orders, rejected_events TO supply_chain_stream;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO
supply_chain_operator, supply_chain_forecaster, supply_chain_reader;
GRANT INSERT, UPDATE ON stream_control TO supply_chain_operator;
GRANT INSERT ON ledger_checks TO supply_chain_operator;
GRANT DELETE ON order_activity TO supply_chain_operator;
