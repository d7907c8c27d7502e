-- The forecasts that can be looked at: each by its id, and the one that planning goes by as newest.
CREATE VIEW dashboards.forecast_choices AS
SELECT
    run_id AS forecast,
    run_id,
    cutoff,
    horizon_days
FROM forecast_runs
WHERE status = 'complete'
UNION ALL
SELECT
    'newest' AS forecast,
    run.run_id,
    run.cutoff,
    run.horizon_days
FROM dashboards.newest_forecast AS newest
INNER JOIN forecast_runs AS run ON newest.run_id = run.run_id;
COMMENT ON VIEW dashboards.forecast_choices IS
'The forecasts that can be looked at: each by its id, and the one that planning goes by as newest.';
