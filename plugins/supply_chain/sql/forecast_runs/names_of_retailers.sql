-- Stores by id, named by where they are.
SELECT
    retailer_id,
    concat_ws(', ', retailer_city, retailer_state, retailer_country) AS retailer_name
FROM retailers
ORDER BY retailer_city, retailer_state, retailer_country
