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
    plan.plan_day,
    plan.abc_class,
    plan.xyz_class,
    plan.reorder_point,
    plan.safety_stock,
    plan.order_up_to_level,
    plan.open_receipts,
    plan.lead_time_days,
    plan.stock_out_p50,
    plan.stock_out_p90,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    greatest(stock.quantity_on_hand, 0) * product.product_price AS stock_value,
    plan.stock_out_p50 - plan.plan_day AS days_to_stock_out,
    coalesce(plan.suggested_quantity, 0) AS suggested_quantity,
    coalesce(plan.suggested_value, 0) AS suggested_value,
    CASE
        WHEN stock.quantity_on_hand < 0 THEN 'Backorder'
        WHEN stock.quantity_on_hand <= coalesce(plan.reorder_point, stock.reorder_level - 1) THEN 'Understocked'
        WHEN stock.quantity_on_hand > plan.order_up_to_level THEN 'Overstocked'
        ELSE 'As planned'
    END AS stock_state
FROM inventory AS stock
INNER JOIN products AS product ON stock.product_id = product.product_id
INNER JOIN retailers AS retailer ON stock.retailer_id = retailer.retailer_id
LEFT JOIN latest_replenishment_plan AS plan
    ON stock.retailer_id = plan.retailer_id AND stock.product_id = plan.product_id;
COMMENT ON VIEW dashboards.stock IS 'Stock by store and product as it is now, beside the newest plan for it.';
COMMENT ON COLUMN dashboards.stock.stock_state IS
'Understocked: at or below the reorder point, or below the reorder level where no plan is; overstocked: above the '
'level that orders fill up to.';
