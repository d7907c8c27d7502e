-- The levels of a forecast, in words.
CREATE VIEW dashboards.level_names AS
SELECT
    level,
    level_name
FROM (
    VALUES
    ('total', 'everything'),
    ('category', 'category'),
    ('product', 'product'),
    ('retailer', 'store'),
    ('product_retailer', 'product in store')
) AS named (level, level_name);
COMMENT ON VIEW dashboards.level_names IS 'The levels of a forecast, in words.';
