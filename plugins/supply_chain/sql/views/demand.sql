-- Half a year of demand before a forecast, the forecast, and what came of its days, in five levels that add up. A day
-- without a sale has 0 from the first sale of a series on. The last day that is shown was received completely.
CREATE VIEW dashboards.demand AS
-- The names of common tables are put into each level, so that a level reads what its own filters leave alone.
WITH shown AS NOT MATERIALIZED (
    SELECT
        choice.forecast,
        choice.cutoff - 182 AS first_day,
        least(choice.cutoff + choice.horizon_days, days.complete_until) AS end_day
    FROM dashboards.forecast_choices AS choice
    CROSS JOIN received_days AS days
),

sales AS NOT MATERIALIZED (
    SELECT
        sale.ds,
        sale.product_id,
        sale.retailer_id,
        sale.total_item_quantity AS units
    FROM daily_aggregates AS sale
    WHERE sale.order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD')
),

categories AS (
    SELECT DISTINCT
        category_id,
        category_name
    FROM products
),

total AS NOT MATERIALIZED (
    SELECT
        shown.forecast,
        day.ds::date AS ds,
        0 AS units
    FROM shown
    INNER JOIN LATERAL generate_series(
        greatest(shown.first_day, (SELECT min(sales.ds) FROM sales))::timestamp, shown.end_day - 1, '1 day'
    ) AS day (ds) ON TRUE
    UNION ALL
    SELECT
        shown.forecast,
        sales.ds,
        sales.units
    FROM shown
    INNER JOIN sales ON shown.first_day <= sales.ds AND shown.end_day > sales.ds
),

first_sale_of_category AS NOT MATERIALIZED (
    SELECT
        product.category_name,
        min(sales.ds) AS ds
    FROM sales
    INNER JOIN products AS product ON sales.product_id = product.product_id
    GROUP BY product.category_name
),

category AS NOT MATERIALIZED (
    SELECT
        shown.forecast,
        sold.category_name,
        day.ds::date AS ds,
        0 AS units
    FROM shown
    CROSS JOIN first_sale_of_category AS sold
    INNER JOIN LATERAL generate_series(
        greatest(shown.first_day, sold.ds)::timestamp, shown.end_day - 1, '1 day'
    ) AS day (ds) ON TRUE
    UNION ALL
    SELECT
        shown.forecast,
        product.category_name,
        sales.ds,
        sales.units
    FROM shown
    INNER JOIN sales ON shown.first_day <= sales.ds AND shown.end_day > sales.ds
    INNER JOIN products AS product ON sales.product_id = product.product_id
),

first_sale_of_product AS NOT MATERIALIZED (
    SELECT
        sales.product_id,
        min(sales.ds) AS ds
    FROM sales
    GROUP BY sales.product_id
),

product AS NOT MATERIALIZED (
    SELECT
        shown.forecast,
        sold.product_id,
        day.ds::date AS ds,
        0 AS units
    FROM shown
    CROSS JOIN first_sale_of_product AS sold
    INNER JOIN LATERAL generate_series(
        greatest(shown.first_day, sold.ds)::timestamp, shown.end_day - 1, '1 day'
    ) AS day (ds) ON TRUE
    UNION ALL
    SELECT
        shown.forecast,
        sales.product_id,
        sales.ds,
        sales.units
    FROM shown
    INNER JOIN sales ON shown.first_day <= sales.ds AND shown.end_day > sales.ds
),

first_sale_of_retailer AS NOT MATERIALIZED (
    SELECT
        sales.retailer_id,
        min(sales.ds) AS ds
    FROM sales
    GROUP BY sales.retailer_id
),

retailer AS NOT MATERIALIZED (
    SELECT
        shown.forecast,
        sold.retailer_id,
        day.ds::date AS ds,
        0 AS units
    FROM shown
    CROSS JOIN first_sale_of_retailer AS sold
    INNER JOIN LATERAL generate_series(
        greatest(shown.first_day, sold.ds)::timestamp, shown.end_day - 1, '1 day'
    ) AS day (ds) ON TRUE
    UNION ALL
    SELECT
        shown.forecast,
        sales.retailer_id,
        sales.ds,
        sales.units
    FROM shown
    INNER JOIN sales ON shown.first_day <= sales.ds AND shown.end_day > sales.ds
),

first_sale_of_pair AS NOT MATERIALIZED (
    SELECT
        sales.product_id,
        sales.retailer_id,
        min(sales.ds) AS ds
    FROM sales
    GROUP BY sales.product_id, sales.retailer_id
),

pair AS NOT MATERIALIZED (
    SELECT
        shown.forecast,
        sold.product_id,
        sold.retailer_id,
        day.ds::date AS ds,
        0 AS units
    FROM shown
    CROSS JOIN first_sale_of_pair AS sold
    INNER JOIN LATERAL generate_series(
        greatest(shown.first_day, sold.ds)::timestamp, shown.end_day - 1, '1 day'
    ) AS day (ds) ON TRUE
    UNION ALL
    SELECT
        shown.forecast,
        sales.product_id,
        sales.retailer_id,
        sales.ds,
        sales.units
    FROM shown
    INNER JOIN sales ON shown.first_day <= sales.ds AND shown.end_day > sales.ds
)

SELECT
    forecast,
    'total' AS level,
    'everything' AS series,
    NULL::integer AS product_id,
    NULL AS product_name,
    NULL AS category_name,
    NULL::integer AS retailer_id,
    NULL AS retailer,
    NULL AS retailer_state,
    ds,
    sum(units) AS units,
    NULL::double precision AS yhat,
    NULL::integer AS p10,
    NULL::integer AS p90
FROM total
GROUP BY forecast, ds
UNION ALL
SELECT
    forecast,
    'category' AS level,
    category_name AS series,
    NULL AS product_id,
    NULL AS product_name,
    category_name,
    NULL AS retailer_id,
    NULL AS retailer,
    NULL AS retailer_state,
    ds,
    sum(units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM category
GROUP BY forecast, category_name, ds
UNION ALL
SELECT
    sold.forecast,
    'product' AS level,
    trim(product.product_name) AS series,
    product.product_id,
    trim(product.product_name) AS product_name,
    product.category_name,
    NULL AS retailer_id,
    NULL AS retailer,
    NULL AS retailer_state,
    sold.ds,
    sum(sold.units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM product AS sold
INNER JOIN products AS product ON sold.product_id = product.product_id
GROUP BY sold.forecast, sold.ds, product.product_id
UNION ALL
SELECT
    sold.forecast,
    'retailer' AS level,
    retailer.retailer_city || ', ' || retailer.retailer_state AS series,
    NULL AS product_id,
    NULL AS product_name,
    NULL AS category_name,
    retailer.retailer_id,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    retailer.retailer_state,
    sold.ds,
    sum(sold.units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM retailer AS sold
INNER JOIN retailers AS retailer ON sold.retailer_id = retailer.retailer_id
GROUP BY sold.forecast, sold.ds, retailer.retailer_id
UNION ALL
SELECT
    sold.forecast,
    'product_retailer' AS level,
    trim(product.product_name) || ' in ' || retailer.retailer_city || ', ' || retailer.retailer_state AS series,
    product.product_id,
    trim(product.product_name) AS product_name,
    product.category_name,
    retailer.retailer_id,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    retailer.retailer_state,
    sold.ds,
    sum(sold.units) AS units,
    NULL AS yhat,
    NULL AS p10,
    NULL AS p90
FROM pair AS sold
INNER JOIN products AS product ON sold.product_id = product.product_id
INNER JOIN retailers AS retailer ON sold.retailer_id = retailer.retailer_id
GROUP BY sold.forecast, sold.ds, product.product_id, retailer.retailer_id
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
    product.product_id,
    trim(product.product_name) AS product_name,
    coalesce(product.category_name, category.category_name) AS category_name,
    retailer.retailer_id,
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
COMMENT ON COLUMN dashboards.demand.units IS
'Units sold; 0 on a day without a sale; null on days of the forecast that have not come, or not completely.';
