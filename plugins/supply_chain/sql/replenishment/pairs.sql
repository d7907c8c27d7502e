-- Forecast, stock and open receipts of every pair, in one statement so that they are of one moment: what is booked
-- meanwhile counts as open or as on hand, never as both. A pair that has a forecast has sold, so it has a stock.
-- Without a forecast a pair is planned only where more is owed to customers than is on order.
-- A what-if takes stock and open receipts of the plan that it is compared with, so that both differ by demand alone.
WITH run AS (
    SELECT
        asked.horizon_days,
        compared.plan_id AS compared_plan_id,
        compared.finished_at AS compared_at,
        coalesce(jsonb_array_length(asked.parameters -> 'product_ids'), 0) = 0
        AND coalesce(jsonb_array_length(asked.parameters -> 'retailer_ids'), 0) = 0 AS is_of_everything
    FROM forecast_runs AS asked
    LEFT JOIN replenishment_runs AS compared ON compared.plan_id = %(compared_plan_id)s
    WHERE asked.run_id = %(run_id)s
),

expected AS (
    SELECT
        retailer_id,
        product_id,
        status,
        yhat,
        variance_ratio,
        level_uncertainty
    FROM forecast_series
    WHERE run_id = %(run_id)s AND level = 'product_retailer'
),

arriving AS (
    SELECT
        line.retailer_id,
        line.product_id,
        sum(line.suggested_quantity)::bigint AS open_receipts,
        array_agg(line.receipt_day ORDER BY line.receipt_day, line.plan_id) AS receipt_days,
        array_agg(line.suggested_quantity ORDER BY line.receipt_day, line.plan_id) AS receipt_quantities
    FROM replenishment_plan AS line
    INNER JOIN replenishment_runs AS plan ON line.plan_id = plan.plan_id
    CROSS JOIN run
    WHERE
        line.receipt_day IS NOT NULL
        AND (line.received_at IS NULL OR line.received_at > run.compared_at)
        AND (run.compared_at IS NULL OR plan.finished_at < run.compared_at)
    GROUP BY line.retailer_id, line.product_id
),

stock AS (
    SELECT
        stock.retailer_id,
        stock.product_id,
        stock.reorder_level,
        coalesce(line.quantity_on_hand, stock.quantity_on_hand) AS quantity_on_hand,
        run.compared_plan_id IS NULL OR line.plan_id IS NOT NULL AS is_of_the_same_day
    FROM inventory AS stock
    CROSS JOIN run
    LEFT JOIN replenishment_plan AS line
        ON
            run.compared_plan_id = line.plan_id
            AND stock.retailer_id = line.retailer_id
            AND stock.product_id = line.product_id
)

SELECT
    stock.retailer_id,
    stock.product_id,
    expected.variance_ratio,
    expected.level_uncertainty,
    product.product_price AS unit_price,
    stock.quantity_on_hand,
    stock.reorder_level,
    coalesce(expected.status, 'none') AS series_status,
    CASE
        WHEN expected.status <> 'failed' THEN expected.yhat
        ELSE array_fill(0.0::double precision, ARRAY[run.horizon_days])
    END AS yhat,
    coalesce(arriving.open_receipts, 0) AS open_receipts,
    coalesce(arriving.receipt_days, '{}') AS receipt_days,
    coalesce(arriving.receipt_quantities, '{}') AS receipt_quantities
FROM stock
CROSS JOIN run
INNER JOIN products AS product ON stock.product_id = product.product_id
LEFT JOIN expected
    ON stock.retailer_id = expected.retailer_id AND stock.product_id = expected.product_id
LEFT JOIN arriving
    ON stock.retailer_id = arriving.retailer_id AND stock.product_id = arriving.product_id
WHERE
    expected.status <> 'failed'
    OR (
        run.is_of_everything
        AND stock.is_of_the_same_day
        AND stock.quantity_on_hand + coalesce(arriving.open_receipts, 0) < 0
    )
ORDER BY stock.retailer_id, stock.product_id
