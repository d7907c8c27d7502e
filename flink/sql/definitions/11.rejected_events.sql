-- What was rejected, and why, for people; the messages themselves stay in their topic.
CREATE TEMPORARY TABLE rejected_events (
    kafka_partition INT,
    kafka_offset BIGINT,
    reason STRING,
    field STRING,
    produced_at TIMESTAMP(3),
    payload_bytes INT,
    payload_start BYTES,
    PRIMARY KEY (kafka_partition, kafka_offset) NOT ENFORCED
) WITH (
    'connector' = 'jdbc',
    'url' = '${database_url}',
    'table-name' = 'rejected_events',
    'sink.buffer-flush.max-rows' = '${flush_rows}',
    'sink.buffer-flush.interval' = '${flush_interval}'
)
