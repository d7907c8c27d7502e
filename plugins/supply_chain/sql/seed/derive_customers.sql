-- The customers as their latest order line has them.
CREATE UNLOGGED TABLE staging.customers AS
WITH latest AS (
    SELECT DISTINCT ON (customer_id) *
    FROM staging.source_rows
    ORDER BY customer_id ASC, order_date DESC, order_item_id DESC
)

SELECT
    latest.customer_id,
    latest.customer_first_name AS first_name,
    latest.customer_last_name AS last_name,
    latest.customer_segment AS segment,
    latest.customer_street AS street,
    latest.customer_zipcode AS zipcode,
    retailers.retailer_id
FROM latest
INNER JOIN staging.retailers
    ON
        latest.customer_country = retailers.retailer_country
        AND latest.customer_state = retailers.retailer_state
        AND latest.customer_city = retailers.retailer_city
