-- What-ifs beside the baseline of the same cutoff: units and money, and the difference over the same pairs. Without a
-- plan of such a baseline a what-if has no difference.
CREATE VIEW dashboards.what_ifs AS
WITH of_what_if AS (
    SELECT DISTINCT ON (plan.forecast_run_id) plan.*
    FROM replenishment_runs AS plan
    INNER JOIN forecast_runs AS forecast ON plan.forecast_run_id = forecast.run_id
    WHERE plan.status = 'complete' AND NOT forecast.is_baseline
    ORDER BY plan.forecast_run_id ASC, plan.finished_at DESC
),

-- A baseline is compared with itself, so that its differences are none.
compared AS (
    SELECT
        plan_id,
        plan_day,
        compared_plan_id
    FROM of_what_if
    UNION ALL
    SELECT
        plan.plan_id,
        plan.plan_day,
        plan.plan_id AS compared_plan_id
    FROM replenishment_runs AS plan
    WHERE
        plan.plan_id IN (SELECT what_if.compared_plan_id FROM of_what_if AS what_if)
        OR plan.plan_id IN (SELECT newest.plan_id FROM latest_replenishment_plan AS newest)
),

figures AS (
    SELECT
        plan.plan_id,
        plan.compared_plan_id,
        sum(line.forecast_demand) AS units_expected,
        sum(line.suggested_quantity) AS order_units,
        sum(line.suggested_value) AS order_value,
        count(*) FILTER (WHERE line.suggested_quantity > 0) AS pairs_to_order,
        count(*) FILTER (
            WHERE line.quantity_on_hand > 0 AND line.stock_out_p50 < plan.plan_day + 28
        ) AS stock_outs,
        sum(line.forecast_demand - base.forecast_demand) AS units_difference,
        sum(line.suggested_quantity - base.suggested_quantity) AS order_units_difference,
        sum(line.suggested_value - base.suggested_value) AS order_value_difference,
        count(*) FILTER (WHERE line.quantity_on_hand > 0 AND line.stock_out_p50 < plan.plan_day + 28)
        - count(*) FILTER (
            WHERE base.quantity_on_hand > 0 AND base.stock_out_p50 < plan.plan_day + 28
        ) AS stock_outs_difference
    FROM compared AS plan
    INNER JOIN replenishment_plan AS line ON plan.plan_id = line.plan_id
    INNER JOIN replenishment_plan AS base
        ON
            plan.compared_plan_id = base.plan_id
            AND line.retailer_id = base.retailer_id
            AND line.product_id = base.product_id
    GROUP BY plan.plan_id, plan.compared_plan_id, plan.plan_day
)

SELECT
    run.scenario,
    name.forecast,
    run.is_baseline,
    run.cutoff,
    run.horizon_days,
    plan.plan_id,
    plan.plan_day,
    plan.service_level,
    run.demand_in_words AS demand,
    figures.pairs_to_order,
    figures.order_units,
    figures.order_value,
    figures.stock_outs,
    figures.order_units_difference,
    figures.order_value_difference,
    figures.stock_outs_difference,
    name.made_at,
    'USD' AS currency,
    baseline.forecast AS compared_with,
    round(figures.units_expected::numeric, 1) AS units_expected,
    CASE
        WHEN run.horizon_days = base_run.horizon_days THEN round(figures.units_difference::numeric, 1)
    END AS units_difference
FROM figures
INNER JOIN replenishment_runs AS plan ON figures.plan_id = plan.plan_id
INNER JOIN forecast_runs AS run ON plan.forecast_run_id = run.run_id
INNER JOIN dashboards.forecast_names AS name ON run.run_id = name.run_id
LEFT JOIN replenishment_runs AS base_plan ON figures.compared_plan_id = base_plan.plan_id
LEFT JOIN forecast_runs AS base_run ON base_plan.forecast_run_id = base_run.run_id
LEFT JOIN dashboards.forecast_names AS baseline ON base_run.run_id = baseline.run_id;
COMMENT ON VIEW dashboards.what_ifs IS
'What-ifs beside the baseline of the same cutoff: units and money, and the difference over the same pairs.';
COMMENT ON COLUMN dashboards.what_ifs.units_expected IS
'Units expected from the plan''s day until the forecast''s end.';
COMMENT ON COLUMN dashboards.what_ifs.units_difference IS
'To the baseline, for the same products and stores; null: the forecasts are of different length.';
COMMENT ON COLUMN dashboards.what_ifs.stock_outs IS
'Pairs with something on hand that are more likely than not to run out within 28 days, without new orders.';
