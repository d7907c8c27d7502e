-- How the runs of the DAGs ended, in words.
CREATE VIEW dashboards.dag_outcomes AS
SELECT
    dag_id,
    run_id,
    started_at,
    finished_at,
    CASE run_type
        WHEN 'asset_triggered' THEN 'after new data'
        WHEN 'scheduled' THEN 'on schedule'
        WHEN 'manual' THEN 'asked for'
        ELSE run_type
    END AS run_type,
    CASE state WHEN 'success' THEN 'succeeded' ELSE state END AS outcome,
    extract(EPOCH FROM finished_at - started_at) AS seconds
FROM dag_outcomes;
COMMENT ON VIEW dashboards.dag_outcomes IS 'How the runs of the DAGs ended, in words.';
