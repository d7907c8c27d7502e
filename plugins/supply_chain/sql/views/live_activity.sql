-- Order lines of the clock's last five minutes, by ten seconds of production and market; 0 where none arrived.
CREATE VIEW dashboards.live_activity AS
SELECT
    bucket.starts AS bucket_start,
    market.market,
    coalesce(activity.order_lines, 0) AS order_lines,
    coalesce(activity.total_item_quantity, 0) AS total_item_quantity,
    coalesce(activity.total_sales, 0) AS total_sales
FROM
    generate_series(
        date_bin('10 seconds', now() - interval '5 minutes', 'epoch'),
        date_bin('10 seconds', now() - interval '10 seconds', 'epoch'),
        interval '10 seconds'
    ) AS bucket (starts)
CROSS JOIN dashboards.markets AS market
LEFT JOIN order_activity AS activity ON bucket.starts = activity.bucket_start AND market.market = activity.market;
COMMENT ON VIEW dashboards.live_activity IS
'Order lines of the last five minutes of the clock, by ten seconds of production and market; 0 where none arrived.';
