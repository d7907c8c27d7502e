-- How far the order producer is; also its sign of life.
INSERT INTO kafka_sent
(
    topic, source_checksum, last_position, lines_acknowledged, last_order_date, state, lines_per_second, heartbeat_at
)
VALUES
(
    %(topic)s, %(source_checksum)s, %(last_position)s, %(lines_acknowledged)s, %(last_order_date)s, %(state)s,
    %(lines_per_second)s, now()
)
ON CONFLICT (topic) DO UPDATE
    SET
        source_checksum = excluded.source_checksum,
        last_position = excluded.last_position,
        lines_acknowledged = excluded.lines_acknowledged,
        last_order_date = excluded.last_order_date,
        state = excluded.state,
        lines_per_second = excluded.lines_per_second,
        heartbeat_at = excluded.heartbeat_at
