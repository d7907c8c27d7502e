-- How fresh everything is, in one row and in one line.
CREATE VIEW dashboards.freshness AS
WITH forecast AS (
    SELECT
        run.cutoff,
        run.finished_at
    FROM dashboards.newest_forecast AS newest
    INNER JOIN forecast_runs AS run ON newest.run_id = run.run_id
),

plan AS (
    SELECT
        run.plan_day,
        run.finished_at
    FROM replenishment_runs AS run
    INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
    WHERE run.status = 'complete' AND forecast.is_baseline
    ORDER BY run.finished_at DESC
    LIMIT 1
),

audit AS (
    SELECT
        finished_at,
        rows_differing
    FROM ledger_checks
    ORDER BY finished_at DESC
    LIMIT 1
),

aged AS (
    SELECT
        sent.heartbeat_at AS producer_heard_at,
        forecast.cutoff AS forecast_from,
        forecast.finished_at AS forecast_made_at,
        plan.plan_day,
        plan.finished_at AS plan_made_at,
        audit.finished_at AS audited_at,
        audit.rows_differing,
        newest.order_date AS newest_order,
        (newest.order_date AT TIME ZONE 'UTC')::date AS data_day,
        -- A forecast or a plan of the day after the last complete one may be a day ahead of the newest order.
        CASE
            WHEN forecast.cutoff IS NOT NULL
                THEN greatest((newest.order_date AT TIME ZONE 'UTC')::date - forecast.cutoff, 0)
        END AS forecast_age_days,
        CASE
            WHEN plan.plan_day IS NOT NULL
                THEN greatest((newest.order_date AT TIME ZONE 'UTC')::date - plan.plan_day, 0)
        END AS plan_age_days
    FROM kafka_sent AS sent
    LEFT JOIN order_lines AS newest ON sent.last_position = newest.position
    LEFT JOIN forecast ON TRUE
    LEFT JOIN plan ON TRUE
    LEFT JOIN audit ON TRUE
    WHERE sent.topic = 'orders'
)

SELECT
    aged.producer_heard_at,
    aged.forecast_from,
    aged.forecast_made_at,
    aged.plan_day,
    aged.plan_made_at,
    aged.audited_at,
    aged.rows_differing,
    aged.data_day,
    aged.forecast_age_days,
    aged.plan_age_days,
    coalesce(aged.forecast_age_days > 35 OR aged.plan_age_days > 7, FALSE) AS is_stale,
    extract(EPOCH FROM now() - aged.audited_at) / 60 AS audit_age_minutes,
    concat(
        CASE WHEN stream.state <> 'running' THEN stream.told || ' · ' END,
        'Orders up to ', to_char(aged.newest_order AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        CASE
            WHEN aged.forecast_age_days > 35
                THEN ' · ⚠ forecast is ' || days.forecast_age || ' old, from ' || aged.forecast_from
            WHEN aged.forecast_age_days > 0
                THEN ' · forecast from ' || aged.forecast_from || ' (' || days.forecast_age || ' old)'
            ELSE ' · forecast from ' || aged.forecast_from
        END,
        CASE
            WHEN aged.plan_age_days > 7 THEN ' · ⚠ plan is ' || days.plan_age || ' old, of ' || aged.plan_day
            WHEN aged.plan_age_days > 0 THEN ' · plan of ' || aged.plan_day || ' (' || days.plan_age || ' old)'
            ELSE ' · plan of ' || aged.plan_day
        END,
        ' · audited ' || to_char(aged.audited_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        ': ' || aged.rows_differing || ' rows differ'
    ) AS told
FROM aged
CROSS JOIN dashboards.stream_state AS stream
CROSS JOIN
    LATERAL (  -- noqa: ST05
        SELECT
            aged.forecast_age_days || ' data day' || CASE aged.forecast_age_days WHEN 1 THEN '' ELSE 's' END
                AS forecast_age,
            aged.plan_age_days || ' data day' || CASE aged.plan_age_days WHEN 1 THEN '' ELSE 's' END AS plan_age
    ) AS days;
COMMENT ON VIEW dashboards.freshness IS 'How fresh everything is, in one row and in one line.';
COMMENT ON COLUMN dashboards.freshness.data_day IS 'The day of the newest order that was sent.';
COMMENT ON COLUMN dashboards.freshness.plan_day IS 'Day of the newest plan that goes by a baseline forecast.';
COMMENT ON COLUMN dashboards.freshness.plan_age_days IS 'Days of the data from the plan''s day to data_day.';
COMMENT ON COLUMN dashboards.freshness.forecast_from IS 'First day of the newest baseline forecast.';
COMMENT ON COLUMN dashboards.freshness.forecast_age_days IS 'Days of the data from forecast_from to data_day.';
COMMENT ON COLUMN dashboards.freshness.is_stale IS
'Whether the plan is more than 7 days of the data old or the forecast more than 35.';
COMMENT ON COLUMN dashboards.freshness.told IS 'The same in one line, with a mark where something is too old.';
