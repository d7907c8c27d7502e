-- How far the order producer is, and what arrives: one row.
CREATE VIEW dashboards.live_totals AS
SELECT
    sent.last_position,
    sent.lines_per_second,
    (SELECT sum(activity.total_sales) FROM dashboards.live_activity AS activity) AS gross_sales,
    (SELECT avg((line.delivery_status = 'Late delivery')::integer)::double precision FROM recent_orders AS line)
        AS late_share
FROM kafka_sent AS sent
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.live_totals IS 'How far the order producer is, and what arrives: one row.';
COMMENT ON COLUMN dashboards.live_totals.gross_sales IS 'Before discounts, of the last five minutes of the clock.';
COMMENT ON COLUMN dashboards.live_totals.late_share IS
'Of the latest order lines, those that came after the scheduled day.';
