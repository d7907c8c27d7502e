-- The topic of rejected messages: written in transactions that end with a checkpoint, read only as far as those ended.
CREATE TEMPORARY TABLE rejected_topic (
    message_key BYTES,
    message BYTES,
    headers MAP <STRING, BYTES> METADATA
) WITH (
    'connector' = 'kafka',
    'topic' = '${rejected_topic}',
    'properties.bootstrap.servers' = '${kafka_bootstrap_servers}',
    -- Who logs in, and by which password, is in the JVM's own login configuration, which no page shows.
    'properties.security.protocol' = '${kafka_security_protocol}',
    'properties.sasl.mechanism' = 'SCRAM-SHA-512',
    'properties.ssl.truststore.type' = 'PEM',
    'properties.ssl.truststore.location' = '${tls_authority}',
    'properties.group.id' = '${consumer_group}.rejected',
    'properties.isolation.level' = 'read_committed',
    'properties.max.request.size' = '${max_message_bytes}',
    -- As long as the broker allows: an outage must not abort what a checkpoint relies on.
    'properties.transaction.timeout.ms' = '604800000',
    'scan.startup.mode' = 'earliest-offset',
    'sink.delivery-guarantee' = 'exactly-once',
    'sink.transactional-id-prefix' = '${job_name}',
    -- A fixed pool of transactional ids; the other strategy leaves new ones with the broker at every checkpoint.
    'sink.transaction-naming-strategy' = 'pooling',
    'key.format' = 'raw',
    'key.fields' = 'message_key',
    'value.format' = 'raw',
    'value.fields-include' = 'EXCEPT_KEY'
)
