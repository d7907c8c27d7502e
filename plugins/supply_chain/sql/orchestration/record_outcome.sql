-- Keep how a run of a DAG has ended, and forget what is older than a month; a run that was cleared ends again.
WITH forgotten AS (
    DELETE FROM dag_outcomes
    WHERE finished_at < now() - interval '31 days'
)

INSERT INTO dag_outcomes (dag_id, run_id, run_type, state, started_at)
VALUES
(%(dag_id)s, %(run_id)s, %(run_type)s, %(state)s, %(started_at)s)
ON CONFLICT (dag_id, run_id) DO UPDATE SET
    state = excluded.state,
    started_at = excluded.started_at,
    finished_at = now()
