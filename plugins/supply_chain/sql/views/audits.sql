-- Results of the ledger check.
CREATE VIEW dashboards.audits AS
SELECT
    check_id,
    finished_at,
    messages,
    rejected,
    tables_compared,
    rows_compared,
    rows_differing
FROM ledger_checks;
COMMENT ON VIEW dashboards.audits IS 'Results of the ledger check.';
