-- Sum and sum of squares of the demand of each pair's weeks before the cutoff; weeks without demand add nothing.
WITH weeks AS (
    SELECT
        retailer_id,
        product_id,
        sum(total_item_quantity) AS demand
    FROM daily_aggregates
    WHERE
        ds < %(cutoff)s
        AND ds >= %(cutoff)s - 7 * %(weeks)s
        AND order_status <> all(%(excluded_statuses)s)
    GROUP BY retailer_id, product_id, (%(cutoff)s - 1 - ds) / 7
)

SELECT
    retailer_id,
    product_id,
    sum(demand)::double precision AS demand,
    sum(demand * demand)::double precision AS squared_demand
FROM weeks
GROUP BY retailer_id, product_id
