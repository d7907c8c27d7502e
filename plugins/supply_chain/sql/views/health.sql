-- What tells at a glance whether the numbers can be trusted: one row, always.
CREATE VIEW dashboards.health AS
WITH stream AS (
    SELECT
        lag,
        checkpoint_age_seconds
    FROM stream_health
    ORDER BY observed_at DESC
    LIMIT 1
),

audit AS (
    SELECT rows_differing
    FROM ledger_checks
    ORDER BY finished_at DESC
    LIMIT 1
),

rejects AS (
    SELECT coalesce(sum(refused), 0)::bigint AS refused
    FROM dashboards.rejects
)

SELECT
    stream.lag,
    stream.checkpoint_age_seconds,
    rejects.refused,
    audit.rows_differing
FROM rejects
LEFT JOIN stream ON TRUE
LEFT JOIN audit ON TRUE;
COMMENT ON VIEW dashboards.health IS
'What tells at a glance whether the numbers can be trusted: one row, always.';
COMMENT ON COLUMN dashboards.health.lag IS
'Messages that no completed checkpoint covers yet, when order_stream last looked.';
COMMENT ON COLUMN dashboards.health.checkpoint_age_seconds IS
'Seconds since the last completed checkpoint of the Flink job, when order_stream last looked.';
COMMENT ON COLUMN dashboards.health.refused IS 'Messages and rows of the source that were not counted; they are kept.';
COMMENT ON COLUMN dashboards.health.rows_differing IS
'Rows that differed from a recomputation from the topic, at the last audit; null: none has ended yet.';
