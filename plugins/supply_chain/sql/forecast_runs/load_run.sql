-- What a run was asked for.
SELECT
    status,
    cutoff,
    parameters
FROM forecast_runs
WHERE run_id = %(run_id)s
