-- Which products, in all and by store, a past forecast was most wrong about: the last 28 days of it that are complete.
CREATE VIEW dashboards.worst_forecasts AS
WITH judged AS (
    SELECT
        choice.forecast,
        judged.run_id,
        judged.cutoff,
        name.forecast AS judged_forecast,
        -- The days are numbered from 1, as the elements of the forecast are.
        least(days.complete_until - judged.cutoff, judged.horizon_days) AS last_number,
        (
            SELECT array_agg(excluded.status)
            FROM jsonb_array_elements_text(judged.parameters -> 'excluded_statuses') AS excluded (status)
        ) AS excluded_statuses
    FROM dashboards.forecast_choices AS choice
    CROSS JOIN received_days AS days
    -- The chosen forecast once 28 of its days have come; before that the newest baseline of which they have.
    INNER JOIN LATERAL (
        SELECT
            run.run_id,
            run.cutoff,
            run.horizon_days,
            run.parameters
        FROM forecast_runs AS run
        WHERE
            run.status = 'complete'
            AND run.horizon_days >= 28
            AND run.cutoff + 28 <= days.complete_until
            AND (run.run_id = choice.run_id OR (run.is_baseline AND run.cutoff <= choice.cutoff))
        ORDER BY run.run_id = choice.run_id DESC, run.cutoff DESC, run.finished_at DESC
        LIMIT 1
    ) AS judged ON TRUE
    INNER JOIN dashboards.forecast_names AS name ON judged.run_id = name.run_id
),

expected AS (
    SELECT
        judged.forecast,
        judged.judged_forecast,
        judged.cutoff,
        judged.last_number,
        judged.excluded_statuses,
        series.level,
        series.product_id,
        series.retailer_id,
        (
            SELECT sum(day.yhat)
            FROM unnest(series.yhat[judged.last_number - 27:judged.last_number]) AS day (yhat)
        ) AS units
    FROM judged
    INNER JOIN forecast_series AS series ON judged.run_id = series.run_id
    WHERE series.level IN ('product', 'product_retailer') AND series.status <> 'failed'
),

sold AS (
    SELECT
        judged.forecast,
        sale.product_id,
        sale.retailer_id,
        sum(sale.total_item_quantity) AS units
    FROM judged
    INNER JOIN daily_aggregates AS sale
        ON
            sale.ds >= judged.cutoff + judged.last_number - 28
            AND sale.ds < judged.cutoff + judged.last_number
    WHERE judged.excluded_statuses IS NULL OR sale.order_status <> all(judged.excluded_statuses)
    GROUP BY GROUPING SETS (
        (judged.forecast, sale.product_id), (judged.forecast, sale.product_id, sale.retailer_id)
    )
)

SELECT
    expected.forecast,
    expected.judged_forecast,
    expected.cutoff,
    expected.level,
    level.level_name,
    expected.product_id,
    product.category_name,
    expected.retailer_id,
    retailer.retailer_state,
    expected.cutoff + expected.last_number - 28 AS first_day,
    expected.cutoff + expected.last_number - 1 AS last_day,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    round(expected.units::numeric, 1) AS forecast_units,
    coalesce(sold.units, 0) AS actual_units,
    round(expected.units::numeric - coalesce(sold.units, 0), 1) AS error,
    round(abs(expected.units::numeric - coalesce(sold.units, 0)), 1) AS absolute_error,
    round(expected.units::numeric / nullif(sold.units, 0) - 1, 3) AS bias_share
FROM expected
INNER JOIN dashboards.level_names AS level ON expected.level = level.level
INNER JOIN products AS product ON expected.product_id = product.product_id
LEFT JOIN retailers AS retailer ON expected.retailer_id = retailer.retailer_id
LEFT JOIN sold
    ON
        expected.forecast = sold.forecast
        AND expected.product_id = sold.product_id
        AND coalesce(expected.retailer_id, -1) = coalesce(sold.retailer_id, -1);
COMMENT ON VIEW dashboards.worst_forecasts IS
'Which products, in all and by store, a past forecast was most wrong about: the last 28 days of it that are complete.';
COMMENT ON COLUMN dashboards.worst_forecasts.forecast IS 'The forecast that was chosen to be looked at.';
COMMENT ON COLUMN dashboards.worst_forecasts.judged_forecast IS
'The forecast that was compared with what came: the chosen one, or the newest baseline of which 28 days have come.';
COMMENT ON COLUMN dashboards.worst_forecasts.bias_share IS '(Forecast - actual) / actual; null where nothing was sold.';
