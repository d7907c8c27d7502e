-- What came out of a plan that is complete.
SELECT
    plan_day,
    pairs_planned,
    pairs_without_forecast,
    pairs_to_order,
    pairs_in_backorder,
    pairs_out_of_stock,
    stock_outs_7_days,
    stock_outs_28_days,
    suggested_units,
    suggested_value
FROM replenishment_runs
WHERE plan_id = %(plan_id)s AND status = 'complete'
