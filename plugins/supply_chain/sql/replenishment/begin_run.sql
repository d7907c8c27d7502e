-- Write down what a plan is to be. One that is complete stays: its orders may be on their way. A what-if is compared
-- with the newest plan of the baseline that was forecast from the same day.
WITH compared AS (
    SELECT plan.plan_id
    FROM replenishment_runs AS plan
    INNER JOIN forecast_runs AS forecast ON plan.forecast_run_id = forecast.run_id
    WHERE %(is_what_if)s AND plan.status = 'complete' AND forecast.is_baseline AND forecast.cutoff = %(cutoff)s
    ORDER BY plan.finished_at DESC
    LIMIT 1
)

INSERT INTO replenishment_runs (
    plan_id, status, forecast_run_id, service_level, parameters, triggered_by, compared_plan_id
)
VALUES (
    %(plan_id)s,
    'running',
    %(forecast_run_id)s,
    %(service_level)s,
    %(parameters)s,
    %(triggered_by)s,
    (SELECT compared.plan_id FROM compared)
)
ON CONFLICT (plan_id) DO UPDATE
    SET
        status = 'running',
        forecast_run_id = excluded.forecast_run_id,
        service_level = excluded.service_level,
        parameters = excluded.parameters,
        triggered_by = excluded.triggered_by,
        compared_plan_id = excluded.compared_plan_id,
        failure = NULL,
        started_at = now(),
        finished_at = NULL
    WHERE replenishment_runs.status <> 'complete'
