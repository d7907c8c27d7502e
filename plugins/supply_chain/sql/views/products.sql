-- Names to choose from.
CREATE VIEW dashboards.products AS
SELECT
    category_name,
    department_name,
    trim(product_name) AS product_name
FROM products;
COMMENT ON VIEW dashboards.products IS 'Names to choose from.';
