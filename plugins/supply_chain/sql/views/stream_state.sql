-- What the stream does now, since when, by whose word and why: one row, always.
CREATE VIEW dashboards.stream_state AS
WITH source AS (
    SELECT source
    FROM data_gen
    WHERE module = 'order_lines'
),

producer AS (
    SELECT
        state,
        heartbeat_at,
        -- It reports every second or two.
        heartbeat_at < now() - interval '10 seconds' AS is_silent
    FROM kafka_sent
    WHERE topic = 'orders'
),

health AS (
    SELECT
        observed_at,
        findings
    FROM stream_health
    ORDER BY observed_at DESC
    LIMIT 1
),

-- The watch looks every few seconds and writes once a minute: an older row says nothing about now.
standstill AS (
    SELECT
        split_part(health.findings, ';', 1) AS finding,
        (
            SELECT min(bad.observed_at)
            FROM stream_health AS bad
            WHERE
                bad.observed_at > coalesce(
                    (
                        SELECT max(good.observed_at) FROM stream_health AS good
                        WHERE good.findings NOT LIKE 'CRITICAL%'
                    ),
                    '-infinity'
                )
        ) AS since
    FROM health
    WHERE health.findings LIKE 'CRITICAL%' AND health.observed_at > now() - interval '3 minutes'
),

arrived AS (
    SELECT max(produced_at) AS last_at FROM recent_orders
),

judged AS (
    SELECT
        control.changed_by,
        control.changed_at,
        producer.heartbeat_at,
        producer.state AS producer_state,
        standstill.finding,
        standstill.since AS standstill_since,
        arrived.last_at,
        CASE
            WHEN source.source IS NULL THEN 'not seeded'
            WHEN control.desired_state = 'stopped' THEN 'stopped'
            WHEN
                producer.is_silent IS NOT FALSE OR producer.state = 'waiting' OR standstill.finding IS NOT NULL
                THEN 'standing still'
            WHEN control.desired_state = 'paused' THEN 'paused'
            WHEN producer.state = 'finished' THEN 'ended'
            ELSE 'running'
        END AS state
    FROM (VALUES (TRUE)) AS always (present)
    LEFT JOIN source ON always.present
    LEFT JOIN stream_control AS control ON always.present
    LEFT JOIN producer ON always.present
    LEFT JOIN standstill ON always.present
    LEFT JOIN arrived ON always.present
),

explained AS (
    SELECT
        judged.state,
        CASE
            WHEN judged.state IN ('stopped', 'paused', 'running') THEN judged.changed_at
            WHEN judged.state = 'ended' THEN judged.last_at
            WHEN judged.state = 'standing still' THEN coalesce(judged.standstill_since, judged.heartbeat_at)
        END AS since,
        CASE WHEN judged.state IN ('stopped', 'paused', 'running') THEN judged.changed_by END AS by_whom,
        CASE judged.state
            WHEN 'not seeded' THEN 'nothing is seeded yet: run seed_database'
            WHEN 'standing still'
                THEN
                    coalesce(
                        judged.finding,
                        CASE judged.producer_state
                            WHEN 'waiting' THEN 'the order producer waits; its log says for what'
                        END,
                        'the order producer was last heard at '
                        || to_char(judged.heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
                        'the order producer has never reported'
                    )
            WHEN 'ended' THEN 'every order line of the source has been sent'
            WHEN 'stopped' THEN 'trigger order_stream to start it'
            WHEN 'paused' THEN 'trigger order_stream with running to go on'
        END AS why
    FROM judged
)

SELECT
    state,
    since,
    by_whom,
    why,
    CASE state
        WHEN 'not seeded' THEN 'Nothing is seeded yet'
        WHEN 'ended'
            THEN
                'Orders ended at ' || coalesce(
                    to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), 'an unknown time'
                )
        WHEN 'running' THEN 'Orders are arriving'
        ELSE concat(
            'Orders are ', CASE state WHEN 'standing still' THEN 'standing still' ELSE state END,
            ' since ' || to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
            ' by ' || by_whom,
            CASE WHEN state = 'standing still' THEN ': ' || why END
        )
    END AS told
FROM explained;
COMMENT ON VIEW dashboards.stream_state IS
'What the stream does now, since when, by whose word and why: one row, always.';
COMMENT ON COLUMN dashboards.stream_state.state IS
'running; paused or stopped: somebody said so; ended: every order line of the source has been sent; standing still: it '
'should run and does not; not seeded: there is nothing to send yet.';
COMMENT ON COLUMN dashboards.stream_state.since IS 'Since when it is so; ended: when the last order line was sent.';
COMMENT ON COLUMN dashboards.stream_state.by_whom IS 'The run of the DAG that said so; null: nobody did.';
COMMENT ON COLUMN dashboards.stream_state.why IS 'Why it is so, or what to do; null while it runs.';
COMMENT ON COLUMN dashboards.stream_state.told IS 'The same as one sentence.';
