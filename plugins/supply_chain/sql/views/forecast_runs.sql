-- Every forecast, and what it expects in all by day.
CREATE VIEW dashboards.forecast_runs AS
SELECT
    run.run_id,
    run.status,
    run.scenario,
    run.is_baseline,
    run.cutoff,
    run.horizon_days,
    run.triggered_by,
    run.series_done,
    run.series_failed,
    run.failure,
    run.started_at,
    run.finished_at,
    total.ds,
    total.yhat,
    run.scenario || ' from ' || run.cutoff || ', ' || run.horizon_days || ' days' AS run_name,
    extract(EPOCH FROM run.finished_at - run.started_at) AS seconds
FROM forecast_runs AS run
LEFT JOIN demand_forecasts AS total ON run.run_id = total.run_id AND total.level = 'total';
COMMENT ON VIEW dashboards.forecast_runs IS 'Every forecast, and what it expects in all by day.';
