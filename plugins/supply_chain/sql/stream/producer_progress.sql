-- How far the order producer is, and how long ago it said so.
SELECT
    state,
    source_checksum,
    last_position,
    lines_acknowledged,
    lines_per_second,
    last_order_date,
    extract(EPOCH FROM now() - heartbeat_at)::double precision AS heartbeat_age_seconds
FROM kafka_sent
WHERE topic = %(topic)s
