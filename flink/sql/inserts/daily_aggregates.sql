-- Sums of the order lines by UTC day, store, product and status.
INSERT INTO daily_aggregates
SELECT
    ds,
    retailer_id,
    product_id,
    order_status,
    COUNT(*) AS order_lines,
    SUM(quantity) AS total_item_quantity,
    CENTS_TO_MONEY(SUM(sales_cents)) AS total_sales,
    CENTS_TO_MONEY(SUM(profit_cents)) AS total_profit,
    SUM(real_shipping_days) AS sum_real_shipping_days,
    SUM(scheduled_shipping_days) AS sum_scheduled_shipping_days,
    SUM(late_delivery_risk) AS sum_late_risk,
    COUNT(*) FILTER (WHERE delivery_status = 'Late delivery') AS late_deliveries,
    COUNT(*) FILTER (WHERE delivery_status = 'Shipping on time') AS on_time_deliveries,
    COUNT(*) FILTER (WHERE delivery_status = 'Advance shipping') AS advance_deliveries,
    COUNT(*) FILTER (WHERE delivery_status = 'Shipping canceled') AS canceled_deliveries
FROM (
    SELECT
        *,
        CAST(order_date AS DATE) AS ds
    FROM order_lines
) AS lines
GROUP BY ds, retailer_id, product_id, order_status
