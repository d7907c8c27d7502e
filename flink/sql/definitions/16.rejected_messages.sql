-- The messages that do not count, and why.
CREATE TEMPORARY VIEW rejected_messages AS
SELECT
    message_key,
    message,
    kafka_partition,
    kafka_offset,
    produced_at,
    reason,
    field
FROM read_messages
WHERE CHAR_LENGTH(reason) > 0
UNION ALL
SELECT
    message_key,
    message,
    kafka_partition,
    kafka_offset,
    produced_at,
    'repeated_order_item_id' AS reason,
    'order_item_id' AS field
FROM looked_up_lines
WHERE repeated
