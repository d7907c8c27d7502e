-- How far seeding, producer and Flink job are: order lines seeded, acknowledged, counted, rejected; the producer's state.
SELECT
    coalesce((SELECT row_count FROM data_gen WHERE module = 'order_lines'), 0) AS seeded,
    coalesce((SELECT last_position FROM kafka_sent WHERE topic = 'orders'), 0) AS sent,
    coalesce((SELECT sum(order_lines) FROM daily_aggregates), 0)::bigint AS counted,
    (SELECT count(*) FROM rejected_events) AS rejected,
    coalesce((SELECT state FROM kafka_sent WHERE topic = 'orders'), 'waiting') AS producer_state
