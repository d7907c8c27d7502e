-- One plan at a time, until the end of the transaction: two at once would order the same shortage twice.
SELECT pg_advisory_xact_lock(hashtext('supply_chain.replenishment'))
