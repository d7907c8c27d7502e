-- The order lines in the order in which they are replayed.
CREATE UNLOGGED TABLE staging.order_lines AS
SELECT
    row_number()
        OVER (ORDER BY source_rows.order_date ASC, source_rows.order_id ASC, source_rows.order_item_id ASC)
        AS position,
    source_rows.order_item_id,
    source_rows.order_id,
    source_rows.order_date,
    source_rows.product_id,
    retailers.retailer_id,
    source_rows.customer_id,
    locations.location_id,
    source_rows.quantity,
    round(source_rows.unit_price, 2) AS unit_price,
    round(source_rows.discount, 2) AS discount,
    round(source_rows.sales, 2) AS sales,
    round(source_rows.profit, 2) AS profit,
    source_rows.payment_type,
    source_rows.order_status,
    source_rows.delivery_status,
    source_rows.shipping_mode,
    source_rows.shipping_date,
    source_rows.real_shipping_days,
    source_rows.scheduled_shipping_days,
    source_rows.late_delivery_risk,
    source_rows.market,
    source_rows.order_region,
    source_rows.order_country
FROM staging.source_rows
INNER JOIN staging.retailers
    ON
        source_rows.customer_country = retailers.retailer_country
        AND source_rows.customer_state = retailers.retailer_state
        AND source_rows.customer_city = retailers.retailer_city
INNER JOIN staging.locations
    ON
        source_rows.order_city = locations.city
        AND source_rows.order_state = locations.state
        AND source_rows.order_country = locations.country
        AND source_rows.order_region = locations.region
        AND source_rows.market = locations.market
