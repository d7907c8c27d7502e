-- Categories of products by name.
SELECT DISTINCT
    category_name,
    category_id
FROM products
ORDER BY category_name
