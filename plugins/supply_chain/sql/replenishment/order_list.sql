-- What a plan wants to be ordered, the most urgent first, with everything that a purchase needs; nothing where it is
-- not the newest plan of a baseline.
SELECT
    to_order.plan_day,
    to_order.product_id,
    to_order.product_name,
    to_order.retailer_id,
    to_order.retailer,
    to_order.abc_class,
    to_order.stock_status,
    to_order.quantity_on_hand,
    to_order.on_order,
    to_order.days_to_stock_out,
    to_order.suggested_quantity,
    to_order.unit_price,
    to_order.suggested_value,
    to_order.currency,
    to_order.why
FROM dashboards.to_order AS to_order
WHERE
    to_order.suggested_quantity > 0
    AND %(plan_id)s IN (SELECT latest.plan_id FROM latest_replenishment_plan AS latest)
ORDER BY
    to_order.days_to_stock_out ASC NULLS LAST, to_order.suggested_value DESC, to_order.product_id ASC,
    to_order.retailer_id ASC
