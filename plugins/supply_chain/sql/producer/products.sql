-- The products that order lines may refer to.
SELECT product_id FROM products
