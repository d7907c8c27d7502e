-- How the run before this one has ended, of the same DAG.
SELECT state
FROM dag_outcomes
WHERE dag_id = %(dag_id)s AND run_id <> %(run_id)s
ORDER BY finished_at DESC
LIMIT 1
