-- The last order line that there is: its position, its id, and the day of its order.
SELECT
    order_lines.position,
    order_lines.order_item_id,
    order_lines.order_date::date AS day
FROM order_lines
ORDER BY order_lines.position DESC
LIMIT 1
