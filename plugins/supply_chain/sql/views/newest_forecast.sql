-- The forecast that planning goes by.
CREATE VIEW dashboards.newest_forecast AS
SELECT
    run_id,
    cutoff
FROM forecast_runs
WHERE status = 'complete' AND is_baseline
ORDER BY cutoff DESC, finished_at DESC
LIMIT 1;
COMMENT ON VIEW dashboards.newest_forecast IS 'The forecast that planning goes by.';
