-- How the runs of the DAGs ended.
CREATE VIEW dashboards.dag_outcomes AS
SELECT
    dag_id,
    run_id,
    run_type,
    state,
    started_at,
    finished_at,
    extract(EPOCH FROM finished_at - started_at) AS seconds
FROM dag_outcomes;
COMMENT ON VIEW dashboards.dag_outcomes IS 'How the runs of the DAGs ended.';
