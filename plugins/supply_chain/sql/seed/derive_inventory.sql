-- Stock that fits demand. Reorder level: demand of the lead time plus safety stock for the service level, demand being
-- Poisson (its deviation is the root of its mean). Opening stock: what the period asks for, times a cover that differs
-- by store and product between the policy's bounds, plus the reorder level; so that some run short, and few out.
CREATE UNLOGGED TABLE staging.inventory AS
WITH period AS (
    SELECT max(order_date)::date - min(order_date)::date + 1 AS days FROM staging.order_lines
),

demand AS (
    SELECT
        retailer_id,
        product_id,
        coalesce(sum(quantity) FILTER (WHERE NOT order_status = any(%(no_demand)s)), 0) AS total
    FROM staging.order_lines
    GROUP BY retailer_id, product_id
),

rates AS (
    SELECT
        demand.retailer_id,
        demand.product_id,
        demand.total,
        demand.total::numeric / period.days AS daily
    FROM demand
    CROSS JOIN period
),

levels AS (
    SELECT
        retailer_id,
        product_id,
        total,
        ceil(
            daily * %(lead_time_days)s + %(safety_factor)s * sqrt(daily * %(lead_time_days)s)
        )::bigint AS reorder_level,
        -- A number from 0 to 1 that depends on seed, store and product alone.
        (hashtextextended(format('%%s/%%s', retailer_id, product_id), %(seed)s) & 4294967295)
        / 4294967295.0 AS draw
    FROM rates
)

SELECT
    retailer_id,
    product_id,
    ceil(total * (%(lowest_cover)s + draw * (%(highest_cover)s - %(lowest_cover)s)))::bigint + reorder_level
        AS opening_quantity,
    reorder_level
FROM levels
