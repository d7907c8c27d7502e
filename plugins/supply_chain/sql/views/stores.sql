-- Names to choose from.
CREATE VIEW dashboards.stores AS
SELECT
    retailer_state,
    retailer_city || ', ' || retailer_state AS retailer
FROM retailers;
COMMENT ON VIEW dashboards.stores IS 'Names to choose from.';
