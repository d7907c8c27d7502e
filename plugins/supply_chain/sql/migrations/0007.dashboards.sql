-- What the dashboards read: a view per subject, names in place of ids; and how the platform itself does.
-- depends: 0006.countries

CREATE TABLE stream_health (
    observed_at timestamptz PRIMARY KEY DEFAULT now(),
    lag bigint NOT NULL,
    lines_per_second double precision NOT NULL,
    checkpoint_age_seconds double precision,
    counted bigint,
    rejected bigint,
    findings text NOT NULL
);
COMMENT ON TABLE stream_health IS 'How the stream was each time that order_stream looked, for a month.';
COMMENT ON COLUMN stream_health.lag IS 'Messages of the topic orders that no completed checkpoint covers.';
COMMENT ON COLUMN stream_health.findings IS 'What was not as it should be, worst first; empty: nothing.';

CREATE TABLE dag_outcomes (
    dag_id text NOT NULL,
    run_id text NOT NULL,
    run_type text NOT NULL,
    state text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dag_id, run_id)
);
CREATE INDEX dag_outcomes_by_time ON dag_outcomes (finished_at);
COMMENT ON TABLE dag_outcomes IS 'How the runs of the DAGs ended, for a month.';

GRANT SELECT ON stream_health, dag_outcomes TO supply_chain_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON stream_health, dag_outcomes TO supply_chain_operator;

CREATE SCHEMA dashboards;
GRANT USAGE ON SCHEMA dashboards TO supply_chain_reader;

CREATE VIEW dashboards.order_lines AS
SELECT
    line.order_item_id,
    line.order_id,
    line.customer_id,
    product.category_name,
    product.department_name,
    retailer.retailer_state,
    customer.segment,
    line.market,
    line.order_region,
    country.iso_code,
    line.payment_type,
    line.order_status,
    line.delivery_status,
    line.shipping_mode,
    line.quantity,
    line.unit_price,
    line.sales,
    line.discount,
    line.profit,
    line.real_shipping_days,
    line.scheduled_shipping_days,
    line.late_delivery_risk,
    trim(product.product_name) AS product_name,
    (line.order_date AT TIME ZONE 'UTC')::date AS ds,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    coalesce(country.country_name, line.order_country) AS country,
    (newest.order_date AT TIME ZONE 'UTC')::date - (line.order_date AT TIME ZONE 'UTC')::date AS days_ago,
    line.order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD') AS is_sale,
    CASE
        WHEN line.discount = 0 THEN '0 %'
        WHEN line.discount <= 0.055 * line.sales THEN '01 to 05 %'
        WHEN line.discount <= 0.105 * line.sales THEN '06 to 10 %'
        WHEN line.discount <= 0.155 * line.sales THEN '11 to 15 %'
        WHEN line.discount <= 0.205 * line.sales THEN '16 to 20 %'
        ELSE '21 % and more'
    END AS discount_band
FROM kafka_sent AS sent
LEFT JOIN order_lines AS newest ON sent.last_position = newest.position
INNER JOIN order_lines AS line ON sent.last_position >= line.position
-- Outer joins, although every line has all of them: PostgreSQL leaves out those that a chart does not need.
LEFT JOIN products AS product ON line.product_id = product.product_id
LEFT JOIN retailers AS retailer ON line.retailer_id = retailer.retailer_id
LEFT JOIN customers AS customer ON line.customer_id = customer.customer_id
LEFT JOIN countries AS country ON line.order_country = country.order_country
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.order_lines IS 'Order lines that have arrived, with the names of what they refer to.';

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

CREATE VIEW dashboards.projected_stock AS
WITH newest AS (
    SELECT run.plan_id
    FROM replenishment_runs AS run
    INNER JOIN forecast_runs AS forecast ON run.forecast_run_id = forecast.run_id
    WHERE run.status = 'complete' AND forecast.is_baseline
    ORDER BY run.finished_at DESC
    LIMIT 1
)

SELECT
    projection.ds,
    projection.projected_stock,
    projection.projected_stock_p90,
    product.category_name,
    retailer.retailer_state,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer
FROM newest
INNER JOIN projected_stock AS projection ON newest.plan_id = projection.plan_id
INNER JOIN products AS product ON projection.product_id = product.product_id
INNER JOIN retailers AS retailer ON projection.retailer_id = retailer.retailer_id;
COMMENT ON VIEW dashboards.projected_stock IS 'Stock by day as the newest plan expects it, without new orders.';

CREATE VIEW dashboards.newest_forecast AS
SELECT
    run_id,
    cutoff
FROM forecast_runs
WHERE status = 'complete' AND is_baseline
ORDER BY cutoff DESC, finished_at DESC
LIMIT 1;
COMMENT ON VIEW dashboards.newest_forecast IS 'The forecast that planning goes by.';

CREATE VIEW dashboards.forecast_choices AS
SELECT
    run_id AS forecast,
    run_id,
    cutoff,
    horizon_days
FROM forecast_runs
WHERE status = 'complete'
UNION ALL
SELECT
    'newest' AS forecast,
    run.run_id,
    run.cutoff,
    run.horizon_days
FROM dashboards.newest_forecast AS newest
INNER JOIN forecast_runs AS run ON newest.run_id = run.run_id;
COMMENT ON VIEW dashboards.forecast_choices IS
'The forecasts that can be looked at: each by its id, and the one that planning goes by as newest.';

CREATE VIEW dashboards.demand AS
WITH sold AS (
    SELECT
        choice.forecast,
        sale.ds,
        product.category_name,
        retailer.retailer_state,
        sale.total_item_quantity AS units,
        trim(product.product_name) AS product_name,
        retailer.retailer_city || ', ' || retailer.retailer_state AS retailer
    FROM dashboards.forecast_choices AS choice
    INNER JOIN daily_aggregates AS sale
        ON choice.cutoff - 182 <= sale.ds AND choice.cutoff + choice.horizon_days > sale.ds
    INNER JOIN products AS product ON sale.product_id = product.product_id
    INNER JOIN retailers AS retailer ON sale.retailer_id = retailer.retailer_id
    WHERE sale.order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD')
),

categories AS (
    SELECT DISTINCT
        category_id,
        category_name
    FROM products
)

SELECT
    forecast,
    'total' AS level,
    'everything' AS series,
    NULL AS product_name,
    NULL AS category_name,
    NULL AS retailer,
    NULL AS retailer_state,
    ds,
    sum(units) AS units,
    NULL::double precision AS yhat,
    NULL::integer AS p10,
    NULL::integer AS p90
FROM sold
GROUP BY forecast, ds
UNION ALL
SELECT
    forecast,
    'category' AS level,
    category_name AS series,
    NULL AS product_name,
    category_name,
    NULL AS retailer,
    NULL AS retailer_state,
    ds,
    sum(units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM sold
GROUP BY forecast, category_name, ds
UNION ALL
SELECT
    forecast,
    'product' AS level,
    product_name AS series,
    product_name,
    category_name,
    NULL AS retailer,
    NULL AS retailer_state,
    ds,
    sum(units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM sold
GROUP BY forecast, product_name, category_name, ds
UNION ALL
SELECT
    forecast,
    'retailer' AS level,
    retailer AS series,
    NULL AS product_name,
    NULL AS category_name,
    retailer,
    retailer_state,
    ds,
    sum(units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM sold
GROUP BY forecast, retailer, retailer_state, ds
UNION ALL
SELECT
    forecast,
    'product_retailer' AS level,
    product_name || ' in ' || retailer AS series,
    product_name,
    category_name,
    retailer,
    retailer_state,
    ds,
    units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM sold
UNION ALL
SELECT
    choice.forecast,
    day.level,
    coalesce(
        trim(product.product_name) || ' in ' || retailer.retailer_city || ', ' || retailer.retailer_state,
        trim(product.product_name),
        category.category_name,
        retailer.retailer_city || ', ' || retailer.retailer_state,
        'everything'
    ) AS series,
    trim(product.product_name) AS product_name,
    coalesce(product.category_name, category.category_name) AS category_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    retailer.retailer_state,
    day.ds,
    NULL AS units,
    day.yhat,
    day.p10,
    day.p90
FROM dashboards.forecast_choices AS choice
INNER JOIN demand_forecasts AS day ON choice.run_id = day.run_id
LEFT JOIN products AS product ON day.product_id = product.product_id
LEFT JOIN retailers AS retailer ON day.retailer_id = retailer.retailer_id
LEFT JOIN categories AS category ON day.category_id = category.category_id;
COMMENT ON VIEW dashboards.demand IS
'Half a year of demand before a forecast, the forecast, and what came of its days, in five levels that add up.';

CREATE VIEW dashboards.forecast_runs AS
SELECT
    run.run_id,
    run.status,
    run.scenario,
    run.is_baseline,
    run.cutoff,
    run.horizon_days,
    run.triggered_by,
    run.series_done,
    run.series_failed,
    run.failure,
    run.started_at,
    run.finished_at,
    total.ds,
    total.yhat,
    run.scenario || ' from ' || run.cutoff || ', ' || run.horizon_days || ' days' AS run_name,
    extract(EPOCH FROM run.finished_at - run.started_at) AS seconds
FROM forecast_runs AS run
LEFT JOIN demand_forecasts AS total ON run.run_id = total.run_id AND total.level = 'total';
COMMENT ON VIEW dashboards.forecast_runs IS 'Every forecast, and what it expects in all by day.';

CREATE VIEW dashboards.forecast_accuracy AS
SELECT DISTINCT ON (kind, cutoff, level, segment, horizon_days, model)
    kind,
    cutoff,
    level,
    segment,
    horizon_days,
    model,
    series,
    actual_demand,
    wape_total,
    wape_daily,
    bias,
    rmsse,
    pinball_10,
    pinball_50,
    pinball_90,
    coverage_80,
    skill,
    chosen,
    reason,
    computed_at
FROM forecast_accuracy
ORDER BY
    kind ASC, cutoff ASC, level ASC, segment ASC, horizon_days ASC, model ASC, computed_at DESC;
COMMENT ON VIEW dashboards.forecast_accuracy IS 'The newest judgement of each window, level, segment and model.';

CREATE VIEW dashboards.series_models AS
SELECT
    series.level,
    series.model,
    series.segment,
    series.status
FROM dashboards.newest_forecast AS run
INNER JOIN forecast_series AS series ON run.run_id = series.run_id;
COMMENT ON VIEW dashboards.series_models IS 'Which model makes which series of the newest forecast.';

CREATE VIEW dashboards.live_activity AS
SELECT
    bucket_start,
    market,
    order_lines,
    total_item_quantity,
    total_sales
FROM order_activity
WHERE bucket_start > (SELECT max(newest.bucket_start) FROM order_activity AS newest) - interval '5 minutes';
COMMENT ON VIEW dashboards.live_activity IS
'Order lines of the last five minutes in which any arrived, by ten seconds of production.';

CREATE VIEW dashboards.live_orders AS
SELECT
    line.produced_at,
    line.order_item_id,
    line.order_id,
    line.order_date,
    product.category_name,
    retailer.retailer_state,
    line.market,
    line.order_status,
    line.delivery_status,
    line.shipping_mode,
    line.quantity,
    line.sales,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    coalesce(country.country_name, line.order_country) AS country
FROM recent_orders AS line
INNER JOIN products AS product ON line.product_id = product.product_id
INNER JOIN retailers AS retailer ON line.retailer_id = retailer.retailer_id
LEFT JOIN countries AS country ON line.order_country = country.order_country;
COMMENT ON VIEW dashboards.live_orders IS 'The latest order lines.';

CREATE VIEW dashboards.live_totals AS
SELECT
    last_position,
    lines_per_second
FROM kafka_sent
WHERE topic = 'orders';
COMMENT ON VIEW dashboards.live_totals IS 'How far the order producer is.';

CREATE VIEW dashboards.rejects AS
WITH reasons (kind, reason) AS (
    VALUES
    ('message', 'null_value'),
    ('message', 'too_large'),
    ('message', 'wrong_encoding'),
    ('message', 'not_json'),
    ('message', 'missing_field'),
    ('message', 'wrong_type'),
    ('message', 'quantity_not_positive'),
    ('message', 'out_of_range'),
    ('message', 'unknown_value'),
    ('message', 'bad_date'),
    ('message', 'unknown_product'),
    ('message', 'unknown_retailer'),
    ('message', 'unknown_customer'),
    ('message', 'repeated_order_item_id'),
    ('row of the source', 'wrong_column_count'),
    ('row of the source', 'wrong_encoding'),
    ('row of the source', 'missing_value'),
    ('row of the source', 'not_a_number'),
    ('row of the source', 'not_a_whole_number'),
    ('row of the source', 'out_of_range'),
    ('row of the source', 'unknown_value'),
    ('row of the source', 'text_too_long'),
    ('row of the source', 'bad_date'),
    ('row of the source', 'contradiction'),
    ('row of the source', 'repeated_order_item_id')
),

refused AS (
    SELECT
        'message' AS kind,
        reason,
        rejected_at
    FROM rejected_events
    UNION ALL
    SELECT
        'row of the source' AS kind,
        reason,
        rejected_at
    FROM rejected_rows
)

SELECT
    reasons.kind,
    reasons.reason,
    count(refused.reason) AS refused,
    max(refused.rejected_at) AS last_refused_at
FROM reasons
LEFT JOIN refused ON reasons.kind = refused.kind AND reasons.reason = refused.reason
GROUP BY reasons.kind, reasons.reason;
COMMENT ON VIEW dashboards.rejects IS 'How many messages and rows of the source were refused, by reason; also none.';

CREATE VIEW dashboards.freshness AS
WITH forecast AS (
    SELECT
        run.cutoff,
        run.finished_at
    FROM dashboards.newest_forecast AS newest
    INNER JOIN forecast_runs AS run ON newest.run_id = run.run_id
),

plan AS (
    SELECT
        plan_day,
        finished_at
    FROM replenishment_runs
    WHERE status = 'complete'
    ORDER BY finished_at DESC
    LIMIT 1
),

audit AS (
    SELECT
        finished_at,
        rows_differing
    FROM ledger_checks
    ORDER BY finished_at DESC
    LIMIT 1
)

SELECT
    sent.heartbeat_at AS producer_heard_at,
    forecast.cutoff AS forecast_from,
    forecast.finished_at AS forecast_made_at,
    plan.plan_day,
    plan.finished_at AS plan_made_at,
    audit.finished_at AS audited_at,
    audit.rows_differing,
    (newest.order_date AT TIME ZONE 'UTC')::date AS data_day,
    (newest.order_date AT TIME ZONE 'UTC')::date - forecast.cutoff AS forecast_age_days,
    extract(EPOCH FROM now() - audit.finished_at) / 60 AS audit_age_minutes,
    concat(
        'Orders up to ', to_char(newest.order_date AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        ' · forecast from ' || forecast.cutoff,
        ' · plan of ' || plan.plan_day,
        ' · audited ' || to_char(audit.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'),
        ': ' || audit.rows_differing || ' rows differ'
    ) AS told
FROM kafka_sent AS sent
LEFT JOIN order_lines AS newest ON sent.last_position = newest.position
LEFT JOIN forecast ON TRUE
LEFT JOIN plan ON TRUE
LEFT JOIN audit ON TRUE
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.freshness IS 'How fresh everything is, in one row and in one line.';

CREATE VIEW dashboards.products AS
SELECT
    category_name,
    department_name,
    trim(product_name) AS product_name
FROM products;
COMMENT ON VIEW dashboards.products IS 'Names to choose from.';

CREATE VIEW dashboards.stores AS
SELECT
    retailer_state,
    retailer_city || ', ' || retailer_state AS retailer
FROM retailers;
COMMENT ON VIEW dashboards.stores IS 'Names to choose from.';

CREATE VIEW dashboards.markets AS
SELECT DISTINCT market
FROM locations;
COMMENT ON VIEW dashboards.markets IS 'Names to choose from.';

CREATE VIEW dashboards.stream_health AS
SELECT
    observed_at,
    lag,
    lines_per_second,
    checkpoint_age_seconds,
    counted,
    rejected,
    findings
FROM stream_health;
COMMENT ON VIEW dashboards.stream_health IS 'How the stream was, as order_stream saw it.';

CREATE VIEW dashboards.dag_outcomes AS
SELECT
    dag_id,
    run_id,
    run_type,
    state,
    started_at,
    finished_at,
    extract(EPOCH FROM finished_at - started_at) AS seconds
FROM dag_outcomes;
COMMENT ON VIEW dashboards.dag_outcomes IS 'How the runs of the DAGs ended.';

CREATE VIEW dashboards.audits AS
SELECT
    check_id,
    finished_at,
    messages,
    rejected,
    tables_compared,
    rows_compared,
    rows_differing
FROM ledger_checks;
COMMENT ON VIEW dashboards.audits IS 'Results of the ledger check.';

GRANT SELECT ON ALL TABLES IN SCHEMA dashboards TO supply_chain_reader;
