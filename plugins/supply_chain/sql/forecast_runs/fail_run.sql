-- A forecast that will not be complete, and why.
UPDATE forecast_runs SET status = 'failed', failure = %(failure)s, finished_at = now()
WHERE run_id = %(run_id)s AND status <> 'complete'
