-- How a run is.
SELECT
    status,
    is_baseline,
    cutoff,
    horizon_days,
    series_done,
    series_total,
    failure,
    seconds_by_stage
FROM forecast_runs
WHERE run_id = %(run_id)s
