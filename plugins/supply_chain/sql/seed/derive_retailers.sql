-- The stores: one per city, state and country of the customers, numbered in that order, in the middle of its customers.
CREATE UNLOGGED TABLE staging.retailers AS
SELECT
    rank() OVER (
        ORDER BY customer_country COLLATE "C" ASC, customer_state COLLATE "C" ASC, customer_city COLLATE "C" ASC
    ) AS retailer_id,
    customer_city || ', ' || customer_state AS retailer_name,
    customer_country AS retailer_country,
    customer_state AS retailer_state,
    customer_city AS retailer_city,
    round(avg(latitude), 6) AS latitude,
    round(avg(longitude), 6) AS longitude
FROM staging.source_rows
GROUP BY customer_country, customer_state, customer_city
