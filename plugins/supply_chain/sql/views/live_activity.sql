-- Order lines of the last five minutes by the clock, by ten seconds of production.
CREATE VIEW dashboards.live_activity AS
SELECT
    bucket_start,
    market,
    order_lines,
    total_item_quantity,
    total_sales
FROM order_activity
WHERE bucket_start > now() - interval '5 minutes';
COMMENT ON VIEW dashboards.live_activity IS
'Order lines of the last five minutes by the clock, by ten seconds of production; no row where none arrived.';
