-- Half a year of demand before a forecast, the forecast, and what came of its days, in five levels that add up.
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
