-- Every row and column of the daily sums; money in cents, which are whole numbers.
SELECT  -- noqa: ST06
    daily_aggregates.ds,
    daily_aggregates.retailer_id,
    daily_aggregates.product_id,
    daily_aggregates.order_status,
    daily_aggregates.order_lines,
    daily_aggregates.total_item_quantity,
    (daily_aggregates.total_sales * 100)::bigint AS total_sales_cents,
    (daily_aggregates.total_profit * 100)::bigint AS total_profit_cents,
    daily_aggregates.sum_real_shipping_days,
    daily_aggregates.sum_scheduled_shipping_days,
    daily_aggregates.sum_late_risk,
    daily_aggregates.late_deliveries,
    daily_aggregates.on_time_deliveries,
    daily_aggregates.advance_deliveries,
    daily_aggregates.canceled_deliveries,
    daily_aggregates.avg_real_shipping_days,
    daily_aggregates.avg_scheduled_shipping_days,
    daily_aggregates.avg_late_risk
FROM daily_aggregates
