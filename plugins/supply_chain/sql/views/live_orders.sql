-- The latest order lines.
CREATE VIEW dashboards.live_orders AS
SELECT
    line.produced_at,
    line.order_item_id,
    line.order_id,
    line.order_date,
    product.category_name,
    retailer.retailer_state,
    line.market,
    line.product_id,
    line.retailer_id,
    line.delivery_status,
    line.shipping_mode,
    line.quantity,
    line.sales,
    initcap(replace(line.order_status, '_', ' ')) AS order_status,
    trim(product.product_name) AS product_name,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    coalesce(country.country_name, line.order_country) AS country
FROM recent_orders AS line
INNER JOIN products AS product ON line.product_id = product.product_id
INNER JOIN retailers AS retailer ON line.retailer_id = retailer.retailer_id
LEFT JOIN countries AS country ON line.order_country = country.order_country;
COMMENT ON VIEW dashboards.live_orders IS 'The latest order lines.';
