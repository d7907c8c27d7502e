-- One order producer at a time, until the connection ends.
SELECT pg_try_advisory_lock(hashtext('supply_chain.producer'))
