-- The places that orders may be delivered to.
SELECT
    location_id,
    market,
    region,
    country,
    state,
    city
FROM locations
