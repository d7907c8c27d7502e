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
        plan_day,
        finished_at
    FROM replenishment_runs
    WHERE status = 'complete'
    ORDER BY finished_at DESC
    LIMIT 1
),

audit AS (
    SELECT
        finished_at,
        rows_differing
    FROM ledger_checks
    ORDER BY finished_at DESC
    LIMIT 1
)

SELECT
    sent.heartbeat_at AS producer_heard_at,
    forecast.cutoff AS forecast_from,
    forecast.finished_at AS forecast_made_at,
    plan.plan_day,
    plan.finished_at AS plan_made_at,
    audit.finished_at AS audited_at,
    audit.rows_differing,
    (newest.order_date AT TIME ZONE 'UTC')::date AS data_day,
    (newest.order_date AT TIME ZONE 'UTC')::date - forecast.cutoff AS forecast_age_days,
    extract(EPOCH FROM now() - audit.finished_at) / 60 AS audit_age_minutes,
    concat(
        'Orders up to ', to_char(newest.order_date AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        ' · forecast from ' || forecast.cutoff,
        ' · plan of ' || plan.plan_day,
        ' · audited ' || to_char(audit.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        ': ' || audit.rows_differing || ' rows differ'
    ) AS told
FROM kafka_sent AS sent
LEFT JOIN order_lines AS newest ON sent.last_position = newest.position
LEFT JOIN forecast ON TRUE
LEFT JOIN plan ON TRUE
LEFT JOIN audit ON TRUE
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.freshness IS 'How fresh everything is, in one row and in one line.';
