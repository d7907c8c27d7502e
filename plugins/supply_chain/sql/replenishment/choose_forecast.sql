-- The forecast to plan by, if it is complete: the one that is named, else the newest that planning goes by.
SELECT
    run_id,
    is_baseline,
    cutoff,
    (parameters ->> 'service_level')::double precision AS service_level
FROM forecast_runs
WHERE
    status = 'complete'
    AND CASE WHEN %(run_id)s::text IS NULL THEN is_baseline ELSE run_id = %(run_id)s END
ORDER BY cutoff DESC, finished_at DESC
LIMIT 1
