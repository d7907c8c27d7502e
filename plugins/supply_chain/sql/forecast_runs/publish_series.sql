-- Publish the series that one attempt at a run has staged.
INSERT INTO forecast_series (
    run_id, level, category_id, product_id, retailer_id, status, failure, segment, model, yhat, p10, p50, p90,
    variance_ratio, level_uncertainty, total_7_p10, total_7_p90, total_28_p10, total_28_p90, seasonal_naive,
    moving_mean, rmsse_scale
)
SELECT
    run_id,
    level,
    category_id,
    product_id,
    retailer_id,
    status,
    failure,
    segment,
    model,
    yhat,
    p10,
    p50,
    p90,
    variance_ratio,
    level_uncertainty,
    total_7_p10,
    total_7_p90,
    total_28_p10,
    total_28_p90,
    seasonal_naive,
    moving_mean,
    rmsse_scale
FROM forecast_staging.series
WHERE run_id = %(run_id)s AND attempt = %(attempt)s
