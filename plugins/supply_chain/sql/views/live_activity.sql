-- Order lines of the last five minutes in which any arrived, by ten seconds of production.
CREATE VIEW dashboards.live_activity AS
SELECT
    bucket_start,
    market,
    order_lines,
    total_item_quantity,
    total_sales
FROM order_activity
WHERE bucket_start > (SELECT max(newest.bucket_start) FROM order_activity AS newest) - interval '5 minutes';
COMMENT ON VIEW dashboards.live_activity IS
'Order lines of the last five minutes in which any arrived, by ten seconds of production.';
