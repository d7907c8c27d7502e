-- Months in which orders were placed: names to choose from.
CREATE VIEW dashboards.months AS
SELECT to_char(month.starts, 'YYYY-MM') AS order_month
FROM kafka_sent AS sent
INNER JOIN order_lines AS oldest ON oldest.position = 1
INNER JOIN order_lines AS newest ON sent.last_position = newest.position
CROSS JOIN
    generate_series(
        date_trunc('month', oldest.order_date AT TIME ZONE 'UTC'),
        newest.order_date AT TIME ZONE 'UTC',
        interval '1 month'
    ) AS month (starts)
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.months IS 'Months in which orders were placed: names to choose from.';
