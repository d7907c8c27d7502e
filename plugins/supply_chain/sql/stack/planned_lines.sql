-- Stocks planned by a forecast, and how many of them are to be ordered; zero while there is no complete plan.
SELECT
    coalesce(max(pairs_planned), 0) AS planned,
    coalesce(max(pairs_to_order), 0) AS to_order
FROM replenishment_runs
WHERE forecast_run_id = %(run_id)s AND status = 'complete'
