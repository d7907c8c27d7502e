-- How far the order producer is.
CREATE VIEW dashboards.live_totals AS
SELECT
    last_position,
    lines_per_second
FROM kafka_sent
WHERE topic = 'orders';
COMMENT ON VIEW dashboards.live_totals IS 'How far the order producer is.';
