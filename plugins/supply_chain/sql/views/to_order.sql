-- What to order, and why, in words that let the quantity be computed again: every product and store whose plan has an
-- order, whose stock is at or below its reorder point, or where customers wait. What no longer sells and is not owed
-- to anybody is left out.
CREATE VIEW dashboards.to_order AS
WITH line AS (
    SELECT
        stock.*,
        coalesce((run.parameters ->> 'order_multiple')::bigint, 1) AS order_multiple,
        coalesce((run.parameters ->> 'minimum_order')::bigint, 0) AS minimum_order,
        coalesce((run.parameters ->> 'maximum_order')::bigint, 0) AS maximum_order,
        trim_scale((100 * stock.service_level)::numeric(5, 2)) || ' %' AS service,
        CASE
            WHEN stock.planned_on_hand < 0 THEN -stock.planned_on_hand || ' owed to customers'
            WHEN stock.planned_on_hand = stock.quantity_on_hand THEN 'have ' || stock.planned_on_hand
            ELSE 'had ' || stock.planned_on_hand || ' on ' || stock.plan_day
        END || CASE WHEN stock.open_receipts > 0 THEN ', ' || stock.open_receipts || ' on order' ELSE '' END AS in_stock
    FROM dashboards.stock AS stock
    LEFT JOIN replenishment_runs AS run ON stock.plan_id = run.plan_id
    WHERE
        stock.suggested_quantity > 0
        OR stock.quantity_on_hand < 0
        OR (stock.stock_status IN ('Out of stock', 'Understocked') AND stock.series_status <> 'no longer sells')
)

SELECT
    plan_day,
    product_id,
    product_name,
    category_name,
    retailer_id,
    retailer,
    retailer_state,
    abc_class,
    xyz_class,
    stock_status,
    series_status,
    quantity_on_hand,
    open_receipts AS on_order,
    days_to_stock_out,
    will_run_out,
    reorder_point,
    order_up_to_level,
    safety_stock,
    lead_time_days,
    suggested_quantity,
    unit_price,
    suggested_value,
    currency,
    CASE WHEN quantity_on_hand > 0 THEN stock_out_p50 END AS stock_out_day,
    CASE
        WHEN plan_id IS NULL
            THEN concat(
                CASE WHEN quantity_on_hand < 0 THEN -quantity_on_hand || ' owed to customers; ' END,
                'in no plan yet: there was no forecast for it'
            )
        WHEN series_status IN ('no longer sells', 'no forecast')
            THEN concat(
                series_status, '; ', in_stock,
                CASE WHEN suggested_quantity = 0 THEN ': nothing to order until the next plan' END
            )
        WHEN suggested_quantity > 0
            THEN concat(
                protection_demand, ' expected in ', protection_days, ' days at ', service, ' → order up to ',
                order_up_to_level, ', ', in_stock
            )
        WHEN inventory_position > reorder_point
            THEN concat(
                protection_demand, ' expected in ', protection_days, ' days at ', service, ' → order at ',
                reorder_point, ' or less, ', in_stock, ': nothing to order until the next plan'
            )
        ELSE concat(protection_demand, ' expected in ', protection_days, ' days, ', in_stock, ': nothing to order')
    END
    || CASE
        WHEN suggested_quantity = 0 THEN ''
        ELSE concat(
            CASE WHEN order_multiple > 1 THEN ', in packs of ' || order_multiple END,
            CASE WHEN minimum_order > 0 THEN ', at least ' || minimum_order END,
            CASE WHEN maximum_order > 0 THEN ', at most ' || maximum_order END,
            CASE WHEN receipt_day IS NOT NULL THEN '; taken as ordered, arrives on ' || receipt_day END
        )
    END AS why
FROM line;
COMMENT ON VIEW dashboards.to_order IS
'What to order, and why: each product and store with an order, at its reorder point, or with customers waiting.';
COMMENT ON COLUMN dashboards.to_order.stock_out_day IS 'The day on which it runs out; null: already out, or not soon.';
COMMENT ON COLUMN dashboards.to_order.order_up_to_level IS
'The order fills on hand and on order up to this level, rounded up to whole units.';
COMMENT ON COLUMN dashboards.to_order.suggested_value IS 'At unit_price, the price of sale.';
