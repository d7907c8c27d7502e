-- The published source, and the position up to which the order producer says that the broker has all of it.
SELECT
    data_gen.checksum,
    coalesce(max(kafka_sent.last_position), 0) AS last_position
FROM data_gen
LEFT JOIN kafka_sent ON data_gen.checksum = kafka_sent.source_checksum
WHERE data_gen.module = 'order_lines'
GROUP BY data_gen.checksum
