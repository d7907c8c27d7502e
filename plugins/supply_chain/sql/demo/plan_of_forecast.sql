-- What became of the newest plan by a forecast; no row while there is none.
SELECT
    status,
    pairs_planned,
    pairs_to_order,
    failure
FROM replenishment_runs
WHERE forecast_run_id = %(run_id)s
ORDER BY started_at DESC
LIMIT 1
