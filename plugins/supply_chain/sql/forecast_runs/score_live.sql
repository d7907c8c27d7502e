-- Judge the first days of one forecast by what came: per level, and per level, segment and model.
WITH run AS (
    SELECT
        asked.run_id,
        asked.cutoff,
        (
            SELECT array_agg(excluded.status)
            FROM jsonb_array_elements_text(asked.parameters -> 'excluded_statuses') AS excluded (status)
        ) AS excluded_statuses
    FROM forecast_runs AS asked
    WHERE asked.run_id = %(run_id)s
),

sold AS (
    SELECT
        products.category_id,
        demand.product_id,
        demand.retailer_id,
        demand.ds - run.cutoff + 1 AS day,
        sum(demand.total_item_quantity) AS quantity
    FROM run
    INNER JOIN daily_aggregates AS demand
        ON run.cutoff <= demand.ds AND run.cutoff + %(horizon_days)s > demand.ds
    INNER JOIN products ON demand.product_id = products.product_id
    WHERE run.excluded_statuses IS NULL OR demand.order_status <> all(run.excluded_statuses)
    GROUP BY
        GROUPING SETS (
            (demand.ds, run.cutoff),
            (demand.ds, run.cutoff, products.category_id),
            (demand.ds, run.cutoff, products.category_id, demand.product_id),
            (demand.ds, run.cutoff, demand.retailer_id),
            (demand.ds, run.cutoff, products.category_id, demand.product_id, demand.retailer_id)
        )
),

series AS (
    SELECT
        *,
        row_number() OVER () AS number
    FROM forecast_series
    WHERE run_id = %(run_id)s AND cardinality(yhat) >= %(horizon_days)s
),

days AS (
    SELECT
        series.number,
        series.yhat[day.day] AS yhat,
        series.p10[day.day] AS p10,
        series.p50[day.day] AS p50,
        series.p90[day.day] AS p90,
        series.seasonal_naive[mod(day.day - 1, 7) + 1] AS naive,
        coalesce(sold.quantity, 0) AS actual
    FROM series
    CROSS JOIN generate_series(1, %(horizon_days)s) AS day (day)
    -- No id is below zero: with it in the place of null the join can hash.
    LEFT JOIN sold
        ON
            day.day = sold.day
            AND coalesce(series.category_id, -1) = coalesce(sold.category_id, -1)
            AND coalesce(series.product_id, -1) = coalesce(sold.product_id, -1)
            AND coalesce(series.retailer_id, -1) = coalesce(sold.retailer_id, -1)
),

judged AS (
    SELECT
        number,
        sum(actual) AS actual,
        sum(yhat) - sum(actual) AS surplus,
        abs(sum(naive) - sum(actual)) AS naive_error,
        sum(abs(yhat - actual)) AS daily_error,
        avg((yhat - actual) ^ 2) AS squared_error,
        sum(greatest(0.1 * (actual - p10), -0.9 * (actual - p10))) AS pinball_10,
        sum(greatest(0.5 * (actual - p50), -0.5 * (actual - p50))) AS pinball_50,
        sum(greatest(0.9 * (actual - p90), -0.1 * (actual - p90))) AS pinball_90
    FROM days
    GROUP BY number
),

summed AS (
    SELECT
        series.level,
        coalesce(series.segment, 'all') AS segment,
        coalesce(series.model, 'champion') AS model,
        count(*) AS series,
        sum(judged.actual) AS actual,
        sum(judged.surplus) AS surplus,
        sum(abs(judged.surplus)) AS total_error,
        sum(judged.daily_error) AS daily_error,
        sum(judged.naive_error) AS naive_error,
        sum(abs(series.moving_mean * %(horizon_days)s - judged.actual)) AS mean_error,
        avg(sqrt(judged.squared_error / nullif(series.rmsse_scale, 0))) AS rmsse,
        sum(judged.pinball_10) AS pinball_10,
        sum(judged.pinball_50) AS pinball_50,
        sum(judged.pinball_90) AS pinball_90,
        avg((
            judged.actual BETWEEN
            CASE %(horizon_days)s WHEN 7 THEN series.total_7_p10 ELSE series.total_28_p10 END
            AND CASE %(horizon_days)s WHEN 7 THEN series.total_7_p90 ELSE series.total_28_p90 END
        )::integer) AS coverage_80
    FROM series
    INNER JOIN judged ON series.number = judged.number
    GROUP BY GROUPING SETS ((series.level), (series.level, series.segment, series.model))
)

INSERT INTO forecast_accuracy (
    run_id, kind, cutoff, level, segment, horizon_days, model, series, actual_demand, wape_total, wape_daily, bias,
    rmsse, pinball_10, pinball_50, pinball_90, coverage_80, skill, chosen
)
SELECT
    run.run_id,
    'live' AS kind,
    run.cutoff,
    summed.level,
    summed.segment,
    %(horizon_days)s AS horizon_days,
    summed.model,
    summed.series,
    summed.actual,
    summed.total_error / nullif(summed.actual, 0) AS wape_total,
    summed.daily_error / nullif(summed.actual, 0) AS wape_daily,
    summed.surplus / nullif(summed.actual, 0) AS bias,
    summed.rmsse,
    -- Per day and by mean demand per day: the number of days is in both.
    summed.pinball_10 / nullif(summed.actual, 0) AS pinball_10,
    summed.pinball_50 / nullif(summed.actual, 0) AS pinball_50,
    summed.pinball_90 / nullif(summed.actual, 0) AS pinball_90,
    summed.coverage_80,
    1 - summed.total_error / nullif(least(summed.naive_error, summed.mean_error), 0) AS skill,
    TRUE AS chosen
FROM summed
CROSS JOIN run
