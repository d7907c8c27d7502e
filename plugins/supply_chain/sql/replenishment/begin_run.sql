-- Write down what a plan is to be. One that is complete stays: its orders may be on their way.
INSERT INTO replenishment_runs (plan_id, status, forecast_run_id, service_level, parameters, triggered_by)
VALUES (%(plan_id)s, 'running', %(forecast_run_id)s, %(service_level)s, %(parameters)s, %(triggered_by)s)
ON CONFLICT (plan_id) DO UPDATE
    SET
        status = 'running',
        forecast_run_id = excluded.forecast_run_id,
        service_level = excluded.service_level,
        parameters = excluded.parameters,
        triggered_by = excluded.triggered_by,
        failure = NULL,
        started_at = now(),
        finished_at = NULL
    WHERE replenishment_runs.status <> 'complete'
