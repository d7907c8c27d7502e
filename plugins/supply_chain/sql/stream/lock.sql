-- Let one actor at a time start or stop the Flink job; held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('supply_chain.stream', 0))
