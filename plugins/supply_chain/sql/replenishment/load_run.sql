-- What a plan is to be, with the forecast that it goes by.
WITH run AS (
    SELECT
        status,
        forecast_run_id,
        service_level,
        parameters,
        plan_day,
        compared_plan_id
    FROM replenishment_runs
    WHERE plan_id = %(plan_id)s
)

SELECT
    run.status,
    run.forecast_run_id,
    run.service_level,
    run.parameters,
    run.plan_day,
    run.compared_plan_id,
    forecast.status AS forecast_status,
    forecast.cutoff,
    forecast.parameters -> 'excluded_statuses' AS excluded_statuses
FROM run
INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
