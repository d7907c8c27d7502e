-- From which day until which day the newest baseline forecast is, of which day the newest plan by a baseline forecast
-- is, and whether either is under way. One that began within the last minutes counts, also where it failed, so that it
-- is not begun again with every day of the data.
SELECT
    (
        SELECT max(run.cutoff)
        FROM forecast_runs AS run
        WHERE run.is_baseline AND run.status = 'complete'
    ) AS forecast_day,
    (
        SELECT max(run.cutoff + run.horizon_days)
        FROM forecast_runs AS run
        WHERE run.is_baseline AND run.status = 'complete'
    ) AS forecast_end,
    (
        SELECT max(run.plan_day)
        FROM replenishment_runs AS run
        INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
        WHERE run.status = 'complete' AND forecast.is_baseline
    ) AS plan_day,
    exists(
        SELECT FROM forecast_runs AS run
        WHERE
            run.is_baseline
            AND run.status <> 'complete'
            AND run.started_at > now() - make_interval(mins => %(patience_minutes)s)  -- noqa: RF02
            AND run.run_id <> %(run_id)s
    ) AS forecast_under_way,
    exists(
        SELECT FROM replenishment_runs AS run
        INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
        WHERE
            forecast.is_baseline
            AND run.status <> 'complete'
            AND run.started_at > now() - make_interval(mins => %(patience_minutes)s)  -- noqa: RF02
            AND run.plan_id <> %(run_id)s
    ) AS plan_under_way
