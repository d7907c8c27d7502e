-- What is wrong with the staged tables: one row for each rule that does not hold.
WITH ordered AS (
    SELECT
        retailer_id,
        product_id
    FROM staging.order_lines
    GROUP BY retailer_id, product_id
)

SELECT rule
FROM (
    VALUES
    (
        'every good row is one order line',
        (SELECT count(*) FROM staging.order_lines) = (SELECT count(*) FROM staging.source_rows)
    ),
    (
        'positions run from 1 without a gap',
        (SELECT max(position) FROM staging.order_lines) = (SELECT count(*) FROM staging.order_lines)
    ),
    (
        'order item ids are unique',
        (SELECT count(DISTINCT order_item_id) FROM staging.order_lines) = (SELECT count(*) FROM staging.order_lines)
    ),
    (
        'every order line has its product, store, customer and location',
        NOT EXISTS (
            SELECT FROM staging.order_lines
            LEFT JOIN staging.products ON order_lines.product_id = products.product_id
            LEFT JOIN staging.retailers ON order_lines.retailer_id = retailers.retailer_id
            LEFT JOIN staging.customers ON order_lines.customer_id = customers.customer_id
            LEFT JOIN staging.locations ON order_lines.location_id = locations.location_id
            WHERE
                products.product_id IS null
                OR retailers.retailer_id IS null
                OR customers.customer_id IS null
                OR locations.location_id IS null
        )
    ),
    (
        'every store and product that is ordered has stock',
        (SELECT count(*) FROM staging.inventory)
        = (SELECT count(*) FROM ordered)
    )
) AS rules (rule, holds)
WHERE holds IS NOT true
