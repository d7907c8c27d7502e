-- The ids that order lines may refer to: products.
SELECT product_id FROM products
