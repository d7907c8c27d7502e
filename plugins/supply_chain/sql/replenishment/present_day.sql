-- The day that the data has come to: that of the last order line sent. No row before the first one.
WITH sent AS (
    SELECT last_position FROM kafka_sent
    WHERE topic = %(topic)s
)

SELECT line.order_date::date AS present_day
FROM sent
INNER JOIN order_lines AS line ON sent.last_position = line.position
