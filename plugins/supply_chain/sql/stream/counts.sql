-- Order lines that the stream's tables count, and messages that they do not.
SELECT
    (SELECT coalesce(sum(order_lines), 0)::bigint FROM daily_aggregates) AS counted,
    (SELECT count(*) FROM rejected_events) AS rejected
