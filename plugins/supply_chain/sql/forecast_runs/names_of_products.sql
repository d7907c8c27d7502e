-- Products by id.
SELECT
    product_id,
    trim(product_name) AS product_name
FROM products
ORDER BY product_name, product_id
