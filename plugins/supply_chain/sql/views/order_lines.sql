-- Order lines that have arrived, with the names of what they refer to.
CREATE VIEW dashboards.order_lines AS
SELECT
    line.order_item_id,
    line.order_id,
    line.customer_id,
    product.category_name,
    product.department_name,
    retailer.retailer_state,
    customer.segment,
    line.market,
    line.order_region,
    country.iso_code,
    line.payment_type,
    line.order_status,
    line.delivery_status,
    line.shipping_mode,
    line.quantity,
    line.unit_price,
    line.sales,
    line.discount,
    line.profit,
    line.real_shipping_days,
    line.scheduled_shipping_days,
    line.late_delivery_risk,
    trim(product.product_name) AS product_name,
    (line.order_date AT TIME ZONE 'UTC')::date AS ds,
    retailer.retailer_city || ', ' || retailer.retailer_state AS retailer,
    coalesce(country.country_name, line.order_country) AS country,
    (newest.order_date AT TIME ZONE 'UTC')::date - (line.order_date AT TIME ZONE 'UTC')::date AS days_ago,
    line.order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD') AS is_sale,
    CASE
        WHEN line.discount = 0 THEN ' 0 %'
        WHEN line.discount <= 0.055 * line.sales THEN ' 1-5 %'
        WHEN line.discount <= 0.105 * line.sales THEN ' 6-10 %'
        WHEN line.discount <= 0.155 * line.sales THEN '11-15 %'
        WHEN line.discount <= 0.205 * line.sales THEN '16-20 %'
        ELSE '> 20 %'
    END AS discount_band,
    to_char(line.order_date AT TIME ZONE 'UTC', 'YYYY-MM') AS order_month,
    -- Whether an order of a later month has arrived, so that no more of this one is expected.
    date_trunc('month', line.order_date AT TIME ZONE 'UTC')
    < date_trunc('month', newest.order_date AT TIME ZONE 'UTC') AS is_whole_month,
    CASE width_bucket(
        (newest.order_date AT TIME ZONE 'UTC')::date - (line.order_date AT TIME ZONE 'UTC')::date, ARRAY[30, 90, 365]
    )
        WHEN 0 THEN 'Last 30 days of data'
        WHEN 1 THEN '31 to 90 days back'
        WHEN 2 THEN '91 to 365 days back'
        ELSE 'More than 365 days back'
    END AS period
FROM kafka_sent AS sent
LEFT JOIN order_lines AS newest ON sent.last_position = newest.position
INNER JOIN order_lines AS line ON sent.last_position >= line.position
-- Outer joins, although every line has all of them: PostgreSQL leaves out those that a chart does not need.
LEFT JOIN products AS product ON line.product_id = product.product_id
LEFT JOIN retailers AS retailer ON line.retailer_id = retailer.retailer_id
LEFT JOIN customers AS customer ON line.customer_id = customer.customer_id
LEFT JOIN countries AS country ON line.order_country = country.order_country
WHERE sent.topic = 'orders';
COMMENT ON VIEW dashboards.order_lines IS 'Order lines that have arrived, with the names of what they refer to.';
