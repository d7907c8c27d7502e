-- The staged tables become the published ones.
INSERT INTO products
(
    product_id, product_name, category_id, category_name, department_id, department_name, product_price, product_image
)
SELECT
    product_id,
    product_name,
    category_id,
    category_name,
    department_id,
    department_name,
    product_price,
    product_image
FROM staging.products;

INSERT INTO retailers
(retailer_id, retailer_name, retailer_country, retailer_state, retailer_city, latitude, longitude)
SELECT
    retailer_id,
    retailer_name,
    retailer_country,
    retailer_state,
    retailer_city,
    latitude,
    longitude
FROM staging.retailers;

INSERT INTO locations (location_id, city, state, country, region, market)
SELECT
    location_id,
    city,
    state,
    country,
    region,
    market
FROM staging.locations;

INSERT INTO customers (customer_id, first_name, last_name, segment, street, zipcode, retailer_id)
SELECT
    customer_id,
    first_name,
    last_name,
    segment,
    street,
    zipcode,
    retailer_id
FROM staging.customers;

INSERT INTO order_lines
(
    position, order_item_id, order_id, order_date, product_id, retailer_id, customer_id, location_id, quantity,
    unit_price, discount, sales, profit, payment_type, order_status, delivery_status, shipping_mode, shipping_date,
    real_shipping_days, scheduled_shipping_days, late_delivery_risk, market, order_region, order_country
)
SELECT
    position,
    order_item_id,
    order_id,
    order_date,
    product_id,
    retailer_id,
    customer_id,
    location_id,
    quantity,
    unit_price,
    discount,
    sales,
    profit,
    payment_type,
    order_status,
    delivery_status,
    shipping_mode,
    shipping_date,
    real_shipping_days,
    scheduled_shipping_days,
    late_delivery_risk,
    market,
    order_region,
    order_country
FROM staging.order_lines;

INSERT INTO inventory (retailer_id, product_id, opening_quantity, reorder_level)
SELECT
    retailer_id,
    product_id,
    opening_quantity,
    reorder_level
FROM staging.inventory;

INSERT INTO data_gen (module, source, checksum, row_count, rejected_count, recipe)
WITH counts AS (
    SELECT
        'products' AS module,
        count(*) AS row_count
    FROM staging.products
    UNION ALL
    SELECT
        'retailers' AS module,
        count(*) AS row_count
    FROM staging.retailers
    UNION ALL
    SELECT
        'locations' AS module,
        count(*) AS row_count
    FROM staging.locations
    UNION ALL
    SELECT
        'customers' AS module,
        count(*) AS row_count
    FROM staging.customers
    UNION ALL
    SELECT
        'inventory' AS module,
        count(*) AS row_count
    FROM staging.inventory
    UNION ALL
    SELECT
        'order_lines' AS module,
        count(*) AS row_count
    FROM staging.order_lines
)

SELECT
    counts.module,
    run.source,
    run.checksum,
    counts.row_count,
    CASE counts.module WHEN 'order_lines' THEN run.rejected_count ELSE 0 END AS rejected_count,
    CASE counts.module WHEN 'order_lines' THEN run.recipe END AS recipe
FROM staging.run
CROSS JOIN counts;
