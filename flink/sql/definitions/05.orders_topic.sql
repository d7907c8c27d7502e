-- The topic of order lines, as bytes: the function that reads them decides what they are.
CREATE TEMPORARY TABLE orders_topic (
    message_key BYTES,
    message BYTES,
    kafka_partition INT METADATA FROM 'partition' VIRTUAL,
    kafka_offset BIGINT METADATA FROM 'offset' VIRTUAL,
    produced_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
    -- Nothing here depends on event time; the clock as watermark ends the batches in which order lines are summed.
    WATERMARK FOR produced_at AS CURRENT_TIMESTAMP
) WITH (
    'connector' = 'kafka',
    'topic' = '${orders_topic}',
    'properties.bootstrap.servers' = '${kafka_bootstrap_servers}',
    'properties.group.id' = '${consumer_group}',
    'properties.isolation.level' = 'read_committed',
    'scan.watermark.idle-timeout' = '1s',
    'scan.startup.mode' = 'earliest-offset',
    'key.format' = 'raw',
    'key.fields' = 'message_key',
    'value.format' = 'raw',
    'value.fields-include' = 'EXCEPT_KEY'
)
