-- What the stream would have counted of all order lines.
INSERT INTO daily_aggregates
SELECT
    order_date::date AS ds,
    retailer_id,
    product_id,
    order_status,
    count(*) AS order_lines,
    sum(quantity) AS total_item_quantity,
    sum(sales) AS total_sales,
    sum(profit) AS total_profit,
    sum(real_shipping_days) AS sum_real_shipping_days,
    sum(scheduled_shipping_days) AS sum_scheduled_shipping_days,
    sum(late_delivery_risk) AS sum_late_risk,
    0 AS late_deliveries,
    0 AS on_time_deliveries,
    0 AS advance_deliveries,
    0 AS canceled_deliveries
FROM order_lines
GROUP BY 1, 2, 3, 4;
ANALYZE daily_aggregates
