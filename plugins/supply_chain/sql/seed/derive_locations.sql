-- The places that orders are delivered to.
CREATE UNLOGGED TABLE staging.locations AS
SELECT
    rank() OVER (
        ORDER BY
            market COLLATE "C" ASC, order_region COLLATE "C" ASC, order_country COLLATE "C" ASC,
            order_state COLLATE "C" ASC, order_city COLLATE "C" ASC
    ) AS location_id,
    order_city AS city,
    order_state AS state,
    order_country AS country,
    order_region AS region,
    market
FROM staging.source_rows
GROUP BY market, order_region, order_country, order_state, order_city
