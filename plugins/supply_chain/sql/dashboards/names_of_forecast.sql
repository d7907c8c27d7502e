-- A forecast, and what was asked for in it, by the names that the dashboards use; null: everything.
SELECT
    (
        SELECT name.forecast
        FROM dashboards.forecast_names AS name
        WHERE name.run_id = %(run_id)s
    ) AS forecast,
    (
        SELECT array_agg(trim(product.product_name) ORDER BY product.product_name)
        FROM products AS product
        WHERE product.product_id = any(%(product_ids)s)
    ) AS products,
    (
        SELECT
            array_agg(
                retailer.retailer_city || ', ' || retailer.retailer_state ORDER BY retailer.retailer_city
            )
        FROM retailers AS retailer
        WHERE retailer.retailer_id = any(%(retailer_ids)s)
    ) AS stores
