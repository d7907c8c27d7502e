-- Forget what attempts at a run have staged.
DELETE FROM forecast_staging.series
WHERE run_id = %(run_id)s
