-- Rejected messages, unchanged, with headers that say why and where they were (supply_chain/kafka/topics.py).
INSERT INTO rejected_topic
SELECT
    message_key,
    message,
    MAP [
        '${header_reason}', ENCODE(reason, 'UTF-8'),
        '${header_field}', ENCODE(field, 'UTF-8'),
        '${header_partition}', ENCODE(CAST(kafka_partition AS STRING), 'UTF-8'),
        '${header_offset}', ENCODE(CAST(kafka_offset AS STRING), 'UTF-8'),
        '${header_produced_at}', ENCODE(
            CAST(
                1000 * UNIX_TIMESTAMP(DATE_FORMAT(produced_at, 'yyyy-MM-dd HH:mm:ss'))
                + EXTRACT(MILLISECOND FROM produced_at)
                AS STRING
            ),
            'UTF-8'
        )
    ] AS headers
FROM rejected_messages
