-- Every forecast, and what it expects in all by day.
CREATE VIEW dashboards.forecast_runs AS
SELECT
    run.run_id,
    run.status,
    run.scenario,
    run.is_baseline,
    run.cutoff,
    run.horizon_days,
    run.demand_in_words,
    run.triggered_by,
    run.series_done,
    run.series_failed,
    run.failure,
    run.started_at,
    run.finished_at,
    total.ds,
    total.yhat,
    name.forecast AS run_name,
    name.short_name,
    extract(EPOCH FROM run.finished_at - run.started_at) AS seconds
FROM forecast_runs AS run
INNER JOIN dashboards.forecast_names AS name ON run.run_id = name.run_id
LEFT JOIN demand_forecasts AS total ON run.run_id = total.run_id AND total.level = 'total';
COMMENT ON VIEW dashboards.forecast_runs IS 'Every forecast, and what it expects in all by day.';
