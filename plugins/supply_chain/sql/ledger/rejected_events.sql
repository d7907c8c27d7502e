-- Every message that the stream did not count.
SELECT
    rejected_events.kafka_partition,
    rejected_events.kafka_offset,
    rejected_events.reason,
    rejected_events.field,
    rejected_events.payload_bytes
FROM rejected_events
