-- One seeding at a time, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('supply_chain.seed'))
