-- Which days are in the data, and the first one of which order lines may still be on their way.
WITH counted AS (
    SELECT
        min(ds) AS first_day,
        max(ds) AS last_day,
        sum(order_lines) AS order_lines
    FROM daily_aggregates
),

producer AS (
    SELECT
        state = 'finished'
        AND lines_acknowledged
        <= (SELECT counted.order_lines FROM counted) + (SELECT count(*) FROM rejected_events) AS is_done
    FROM kafka_sent
    WHERE topic = 'orders'
),

newest AS (
    SELECT max(order_date)::date AS ds
    FROM recent_orders
    GROUP BY kafka_partition
)

SELECT
    counted.first_day,
    counted.last_day,
    CASE
        WHEN coalesce((SELECT producer.is_done FROM producer), false) THEN counted.last_day + 1
        -- Lines arrive in order within a partition: the partition that is behind decides.
        ELSE coalesce((SELECT min(newest.ds) FROM newest), counted.last_day)
    END AS complete_until
FROM counted
