-- How far the demo is: order lines seeded, sent, counted and rejected, and what the producer is at.
WITH producer AS (
    SELECT
        last_position,
        state
    FROM kafka_sent
    WHERE topic = 'orders'
),

source AS (
    SELECT row_count FROM data_gen
    WHERE module = 'order_lines'
)

SELECT
    coalesce((SELECT row_count FROM source), 0) AS seeded,
    coalesce((SELECT last_position FROM producer), 0) AS sent,
    coalesce((SELECT sum(order_lines) FROM daily_aggregates), 0)::bigint AS counted,
    (SELECT count(*) FROM rejected_events) AS rejected,
    coalesce((SELECT state FROM producer), 'waiting') AS producer_state
