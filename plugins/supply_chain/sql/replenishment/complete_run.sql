-- The plan is made: count what its lines say.
UPDATE replenishment_runs
SET
    status = 'complete',
    plan_day = %(plan_day)s,
    pairs_planned = lines.planned,
    pairs_without_forecast = (
        SELECT count(*) FROM forecast_series AS series
        WHERE
            series.run_id = replenishment_runs.forecast_run_id
            AND series.level = 'product_retailer'
            AND series.status = 'failed'
    ),
    pairs_to_order = lines.to_order,
    pairs_in_backorder = lines.in_backorder,
    pairs_out_of_stock = lines.out_of_stock,
    stock_outs_7_days = lines.stock_outs_7_days,
    stock_outs_28_days = lines.stock_outs_28_days,
    suggested_units = lines.units,
    suggested_value = lines.suggested_value,
    finished_at = clock_timestamp()
FROM (
    SELECT
        count(*) AS planned,
        count(*) FILTER (WHERE suggested_quantity > 0) AS to_order,
        count(*) FILTER (WHERE quantity_on_hand < 0) AS in_backorder,
        count(*) FILTER (WHERE quantity_on_hand <= 0) AS out_of_stock,
        count(*) FILTER (WHERE quantity_on_hand > 0 AND stock_out_p50 < %(plan_day)s + 7) AS stock_outs_7_days,
        count(*) FILTER (WHERE quantity_on_hand > 0 AND stock_out_p50 < %(plan_day)s + 28) AS stock_outs_28_days,
        coalesce(sum(suggested_quantity), 0) AS units,
        coalesce(sum(suggested_value), 0) AS suggested_value
    FROM replenishment_plan
    WHERE plan_id = %(plan_id)s
) AS lines
WHERE replenishment_runs.plan_id = %(plan_id)s
