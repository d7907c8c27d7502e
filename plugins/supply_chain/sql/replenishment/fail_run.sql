-- A plan that was not made, and why.
UPDATE replenishment_runs SET status = 'failed', failure = %(failure)s, finished_at = now()
WHERE plan_id = %(plan_id)s AND status <> 'complete'
