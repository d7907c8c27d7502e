-- Names to choose from.
CREATE VIEW dashboards.markets AS
SELECT DISTINCT market
FROM locations;
COMMENT ON VIEW dashboards.markets IS 'Names to choose from.';
