-- Forecast, stock and open receipts of every pair, in one statement so that they are of one moment: what is booked
-- meanwhile counts as open or as on hand, never as both. A pair that has a forecast has sold, so it has a stock.
WITH forecast AS (
    SELECT
        retailer_id,
        product_id,
        status,
        yhat,
        variance_ratio,
        level_uncertainty
    FROM forecast_series
    WHERE run_id = %(run_id)s AND level = 'product_retailer' AND status <> 'failed'
),

arriving AS (
    SELECT
        retailer_id,
        product_id,
        sum(suggested_quantity)::bigint AS open_receipts,
        array_agg(receipt_day ORDER BY receipt_day, plan_id) AS receipt_days,
        array_agg(suggested_quantity ORDER BY receipt_day, plan_id) AS receipt_quantities
    FROM replenishment_plan
    WHERE receipt_day IS NOT NULL AND received_at IS NULL
    GROUP BY retailer_id, product_id
)

SELECT
    forecast.retailer_id,
    forecast.product_id,
    forecast.status AS series_status,
    forecast.yhat,
    forecast.variance_ratio,
    forecast.level_uncertainty,
    product.product_price AS unit_price,
    stock.quantity_on_hand,
    stock.reorder_level,
    coalesce(arriving.open_receipts, 0) AS open_receipts,
    coalesce(arriving.receipt_days, '{}') AS receipt_days,
    coalesce(arriving.receipt_quantities, '{}') AS receipt_quantities
FROM forecast
INNER JOIN inventory AS stock
    ON forecast.retailer_id = stock.retailer_id AND forecast.product_id = stock.product_id
INNER JOIN products AS product ON forecast.product_id = product.product_id
LEFT JOIN arriving
    ON forecast.retailer_id = arriving.retailer_id AND forecast.product_id = arriving.product_id
ORDER BY forecast.retailer_id, forecast.product_id
