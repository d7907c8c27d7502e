-- Replenishment plans: what to order, with every number that it follows from; and what was ordered and received.
-- depends: 0004.forecast-tables

CREATE TABLE replenishment_runs (
    plan_id text PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('running', 'complete', 'failed')),
    forecast_run_id text NOT NULL REFERENCES forecast_runs,
    service_level double precision NOT NULL CHECK (service_level >= 0.5 AND service_level < 1),
    parameters jsonb NOT NULL,
    triggered_by text NOT NULL,
    plan_day date,
    pairs_planned integer,
    pairs_without_forecast integer,
    pairs_to_order integer,
    pairs_in_backorder integer,
    stock_outs_7_days integer,
    stock_outs_28_days integer,
    suggested_units bigint,
    suggested_value numeric(20, 2),
    failure text,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK (status <> 'complete' OR (plan_day IS NOT NULL AND finished_at IS NOT NULL))
);
COMMENT ON TABLE replenishment_runs IS 'One row per replenishment plan: what was asked for, and what came out.';
COMMENT ON COLUMN replenishment_runs.plan_id IS 'The id of the run of the DAG plan_replenishment.';
COMMENT ON COLUMN replenishment_runs.service_level IS 'Probability of no stock-out in a protection period.';
COMMENT ON COLUMN replenishment_runs.parameters IS 'The params of the DAG, as they were used.';
COMMENT ON COLUMN replenishment_runs.plan_day IS
'First day of the plan: the day that the data had come to, the forecast''s cutoff at least.';
COMMENT ON COLUMN replenishment_runs.pairs_without_forecast IS 'Not planned, because their forecast failed.';
COMMENT ON COLUMN replenishment_runs.stock_outs_7_days IS
'Pairs more likely than not to run out within 7 days from plan_day on, without new orders.';

CREATE TABLE replenishment_plan (
    plan_id text NOT NULL REFERENCES replenishment_runs ON DELETE CASCADE,
    retailer_id integer NOT NULL REFERENCES retailers,
    product_id integer NOT NULL REFERENCES products,
    series_status text NOT NULL CHECK (series_status IN ('ok', 'new', 'stopped')),
    abc_class text NOT NULL CHECK (abc_class IN ('A', 'B', 'C')),
    xyz_class text NOT NULL CHECK (xyz_class IN ('X', 'Y', 'Z')),
    unit_price numeric(12, 2) NOT NULL,
    forecast_value numeric(20, 2) NOT NULL,
    weekly_variation double precision,
    quantity_on_hand bigint NOT NULL,
    reorder_level bigint NOT NULL,
    open_receipts bigint NOT NULL,
    inventory_position bigint GENERATED ALWAYS AS (quantity_on_hand + open_receipts) STORED,
    lead_time_days integer NOT NULL CHECK (lead_time_days >= 0),
    lead_time_source text NOT NULL CHECK (lead_time_source IN ('param', 'pair', 'retailer', 'overall')),
    lead_time_mean double precision,
    lead_time_lines bigint,
    protection_days integer NOT NULL CHECK (protection_days > lead_time_days),
    extended_days integer NOT NULL CHECK (extended_days >= 0),
    variance_ratio double precision NOT NULL,
    level_uncertainty double precision NOT NULL,
    protection_demand double precision NOT NULL,
    protection_deviation double precision NOT NULL,
    reorder_point bigint NOT NULL,
    safety_stock double precision NOT NULL,
    order_cycle_demand double precision NOT NULL,
    order_up_to_level double precision NOT NULL,
    suggested_quantity bigint NOT NULL CHECK (suggested_quantity >= 0),
    suggested_value numeric(20, 2) GENERATED ALWAYS AS (suggested_quantity * unit_price) STORED,
    stock_out_p50 date,
    stock_out_p90 date,
    projected_stock double precision[] NOT NULL,
    projected_stock_p90 bigint[] NOT NULL,
    receipt_day date,
    received_at timestamptz,
    PRIMARY KEY (plan_id, retailer_id, product_id),
    CHECK (cardinality(projected_stock) = cardinality(projected_stock_p90)),
    CHECK (receipt_day IS NULL OR suggested_quantity > 0),
    CHECK (received_at IS NULL OR receipt_day IS NOT NULL)
);
CREATE INDEX replenishment_plan_open_receipts ON replenishment_plan (receipt_day)
WHERE receipt_day IS NOT NULL AND received_at IS NULL;
COMMENT ON TABLE replenishment_plan IS 'A line per store and product: what to order, and every number behind it.';
COMMENT ON COLUMN replenishment_plan.abc_class IS
'By share of the forecast''s value: A the first 80 %, B the next 15 %, C the rest.';
COMMENT ON COLUMN replenishment_plan.xyz_class IS
'By weekly_variation: X up to 0.5, Y up to 1, Z above or without demand.';
COMMENT ON COLUMN replenishment_plan.forecast_value IS 'Demand expected in the forecast''s days, at unit_price.';
COMMENT ON COLUMN replenishment_plan.weekly_variation IS
'Standard deviation / mean of the demand of the 26 weeks before the cutoff; null: no demand in them.';
COMMENT ON COLUMN replenishment_plan.quantity_on_hand IS 'Of inventory, when planned; below zero is a backorder.';
COMMENT ON COLUMN replenishment_plan.reorder_level IS 'Of inventory, from the seeding: to compare reorder_point with.';
COMMENT ON COLUMN replenishment_plan.open_receipts IS 'Ordered by earlier plans and not received yet.';
COMMENT ON COLUMN replenishment_plan.lead_time_days IS
'Whole days from an order to its receipt: lead_time_mean rounded up, or the param.';
COMMENT ON COLUMN replenishment_plan.lead_time_mean IS
'Mean days of shipping to customers, a stand-in for the supplier''s: null where the param was given.';
COMMENT ON COLUMN replenishment_plan.protection_days IS 'Lead time and review period.';
COMMENT ON COLUMN replenishment_plan.extended_days IS
'Days of protection and order cycle after the forecast''s end: the mean of its last 7 days stands for them.';
COMMENT ON COLUMN replenishment_plan.reorder_point IS
'Quantile of the demand of the protection period at the service level.';
COMMENT ON COLUMN replenishment_plan.safety_stock IS
'reorder_point - protection_demand; a little below zero where sales are so rare that the level holds without stock.';
COMMENT ON COLUMN replenishment_plan.order_up_to_level IS 'reorder_point + order_cycle_demand.';
COMMENT ON COLUMN replenishment_plan.stock_out_p50 IS
'First day on which it is out of stock with a probability above 50 %, without new orders; null: not in the forecast.';
COMMENT ON COLUMN replenishment_plan.stock_out_p90 IS 'The same with a probability above 10 %.';
COMMENT ON COLUMN replenishment_plan.projected_stock IS
'Stock expected at the end of each day from plan_day on, without new orders.';
COMMENT ON COLUMN replenishment_plan.projected_stock_p90 IS 'The same, with demand at its 90 % quantile.';
COMMENT ON COLUMN replenishment_plan.receipt_day IS 'Simulated: when the order arrives; null: only suggested.';
COMMENT ON COLUMN replenishment_plan.received_at IS 'When it was added to inventory.received_quantity.';

CREATE VIEW latest_replenishment_plan AS
WITH latest AS (
    SELECT
        run.plan_id,
        run.plan_day,
        run.forecast_run_id,
        run.service_level
    FROM replenishment_runs AS run
    INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
    WHERE run.status = 'complete' AND forecast.is_baseline
    ORDER BY run.finished_at DESC
    LIMIT 1
)

SELECT
    latest.plan_id,
    latest.plan_day,
    latest.forecast_run_id,
    latest.service_level,
    line.retailer_id,
    line.product_id,
    line.series_status,
    line.abc_class,
    line.xyz_class,
    line.unit_price,
    line.forecast_value,
    line.weekly_variation,
    line.quantity_on_hand,
    line.reorder_level,
    line.open_receipts,
    line.inventory_position,
    line.lead_time_days,
    line.lead_time_source,
    line.lead_time_mean,
    line.lead_time_lines,
    line.protection_days,
    line.extended_days,
    line.variance_ratio,
    line.level_uncertainty,
    line.protection_demand,
    line.protection_deviation,
    line.reorder_point,
    line.safety_stock,
    line.order_cycle_demand,
    line.order_up_to_level,
    line.suggested_quantity,
    line.suggested_value,
    line.stock_out_p50,
    line.stock_out_p90,
    line.receipt_day,
    line.received_at
FROM latest
INNER JOIN replenishment_plan AS line ON latest.plan_id = line.plan_id;
COMMENT ON VIEW latest_replenishment_plan IS 'The newest plan that goes by a baseline forecast.';

CREATE VIEW projected_stock AS
SELECT
    line.plan_id,
    line.retailer_id,
    line.product_id,
    day.projected_stock,
    day.projected_stock_p90,
    run.plan_day + (day.number - 1)::integer AS ds
FROM replenishment_plan AS line
INNER JOIN replenishment_runs AS run ON line.plan_id = run.plan_id
CROSS JOIN
    unnest(line.projected_stock, line.projected_stock_p90) WITH ORDINALITY AS day (
        projected_stock, projected_stock_p90, number
    );
COMMENT ON VIEW projected_stock IS 'Every plan''s stock by day, one row per store, product and day.';

GRANT SELECT ON replenishment_runs, replenishment_plan, latest_replenishment_plan, projected_stock TO
supply_chain_operator, supply_chain_forecaster, supply_chain_reader;
GRANT INSERT, UPDATE ON replenishment_runs, replenishment_plan TO supply_chain_forecaster;
GRANT UPDATE (received_quantity) ON inventory TO supply_chain_forecaster;
-- Forecasts and plans of the former source go when another one is seeded.
GRANT TRUNCATE ON
forecast_runs, forecast_series, forecast_accuracy, replenishment_runs, replenishment_plan
TO supply_chain_seeder;
