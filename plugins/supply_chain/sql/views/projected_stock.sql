-- Stock by day as the newest plan expects it, without new orders.
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
