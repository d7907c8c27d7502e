-- The catalogue: where rows disagree about a product, the latest order line wins.
CREATE UNLOGGED TABLE staging.products AS
SELECT DISTINCT ON (product_id)
    product_id,
    product_name,
    category_id,
    category_name,
    department_id,
    department_name,
    round(product_price, 2) AS product_price,
    nullif(product_image, '') AS product_image
FROM staging.source_rows
ORDER BY product_id ASC, order_date DESC, order_item_id DESC
