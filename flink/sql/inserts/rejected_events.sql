-- What the topic of rejected messages holds, one row for each; Latin-1 takes every byte for one character and back.
INSERT INTO rejected_events
SELECT
    CAST(DECODE(headers['${header_partition}'], 'UTF-8') AS INT) AS kafka_partition,
    CAST(DECODE(headers['${header_offset}'], 'UTF-8') AS BIGINT) AS kafka_offset,
    DECODE(headers['${header_reason}'], 'UTF-8') AS reason,
    DECODE(headers['${header_field}'], 'UTF-8') AS field,
    CAST(
        TO_TIMESTAMP_LTZ(CAST(DECODE(headers['${header_produced_at}'], 'UTF-8') AS BIGINT), 3) AS TIMESTAMP(3)
    ) AS produced_at,
    COALESCE(CHAR_LENGTH(DECODE(message, 'ISO-8859-1')), 0) AS payload_bytes,
    ENCODE(SUBSTRING(DECODE(message, 'ISO-8859-1'), 1, ${payload_start_bytes}), 'ISO-8859-1') AS payload_start
FROM rejected_topic
