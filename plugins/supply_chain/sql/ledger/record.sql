-- Keep the verdict of a ledger check.
INSERT INTO ledger_checks
(started_at, messages, rejected, tables_compared, rows_compared, rows_differing, first_differences)
VALUES
(%(started_at)s, %(messages)s, %(rejected)s, %(tables)s, %(rows)s, %(differing)s, %(differences)s)
