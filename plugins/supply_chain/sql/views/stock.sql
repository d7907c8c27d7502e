-- Stock by store and product as it is now, beside the newest plan for it.
CREATE VIEW dashboards.stock AS
SELECT
    stock.retailer_id,
    stock.product_id,
    product.category_name,
    product.department_name,
    retailer.retailer_state,
    product.product_price AS unit_price,
    stock.opening_quantity,
    stock.received_quantity,
    stock.sold_quantity,
    stock.quantity_on_hand,
    stock.reorder_level,
    plan.plan_id,
    plan.plan_day,
    plan.service_level,
    plan.quantity_on_hand AS planned_on_hand,
    plan.abc_class,
    plan.xyz_class,
    plan.reorder_point,
    plan.open_receipts,
    plan.inventory_position,
    plan.receipt_day,
    plan.lead_time_days,
    plan.protection_days,
    plan.stock_out_p50,
    plan.stock_out_p90,
    'USD' AS currency,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    greatest(stock.quantity_on_hand, 0) * product.product_price AS stock_value,
    greatest(stock.quantity_on_hand - ceil(round(plan.order_up_to_level::numeric, 6)), 0)::bigint AS excess_quantity,
    greatest(stock.quantity_on_hand - ceil(round(plan.order_up_to_level::numeric, 6)), 0)
    * product.product_price AS excess_value,
    round(plan.protection_demand::numeric, 1) AS protection_demand,
    round(plan.safety_stock::numeric, 1) AS safety_stock,
    ceil(round(plan.order_up_to_level::numeric, 6))::bigint AS order_up_to_level,
    CASE
        WHEN stock.quantity_on_hand <= 0 THEN 0
        -- Not with greatest(…, 0), which takes no day for today.
        ELSE plan.stock_out_p50 - least(plan.stock_out_p50, greatest(plan.plan_day, days.complete_until))
    END AS days_to_stock_out,
    stock.quantity_on_hand > 0
    AND coalesce(plan.stock_out_p50 - greatest(plan.plan_day, days.complete_until) <= 14, FALSE) AS will_run_out,
    coalesce(plan.suggested_quantity, 0) AS suggested_quantity,
    coalesce(plan.suggested_value, 0) AS suggested_value,
    CASE plan.series_status
        WHEN 'ok' THEN 'sells'
        WHEN 'new' THEN 'new'
        WHEN 'stopped' THEN 'no longer sells'
        ELSE 'no forecast'
    END AS series_status,
    CASE
        WHEN stock.quantity_on_hand < 0 THEN 'Backorder'
        WHEN stock.quantity_on_hand = 0 THEN 'Out of stock'
        WHEN stock.quantity_on_hand <= coalesce(plan.reorder_point, stock.reorder_level - 1) THEN 'Understocked'
        WHEN stock.quantity_on_hand > plan.order_up_to_level THEN 'Overstocked'
        ELSE 'As planned'
    END AS stock_status
FROM inventory AS stock
INNER JOIN products AS product ON stock.product_id = product.product_id
INNER JOIN retailers AS retailer ON stock.retailer_id = retailer.retailer_id
CROSS JOIN received_days AS days
LEFT JOIN latest_replenishment_plan AS plan
    ON stock.retailer_id = plan.retailer_id AND stock.product_id = plan.product_id;
COMMENT ON VIEW dashboards.stock IS 'Stock by store and product as it is now, beside the newest plan for it.';
COMMENT ON COLUMN dashboards.stock.stock_status IS
'Backorder: below zero, customers wait; out of stock: nothing on hand; understocked: at or below the reorder point, or '
'below the reorder level where there is no plan; overstocked: above the level that orders fill up to.';
COMMENT ON COLUMN dashboards.stock.days_to_stock_out IS
'Days from the last day that was received completely; 0: already out; null: not in the days of the forecast.';
COMMENT ON COLUMN dashboards.stock.will_run_out IS
'Something is on hand, and is more likely than not to run out within 14 days without new orders.';
COMMENT ON COLUMN dashboards.stock.planned_on_hand IS 'What was on hand when the plan was made.';
