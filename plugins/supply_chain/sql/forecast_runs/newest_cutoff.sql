-- The first day of the forecast that planning goes by; no row before there is one.
SELECT cutoff
FROM forecast_runs
WHERE status = 'complete' AND is_baseline
ORDER BY cutoff DESC
LIMIT 1
