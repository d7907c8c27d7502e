-- The reading role sees every view of the dashboards.
GRANT USAGE ON SCHEMA dashboards TO supply_chain_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA dashboards TO supply_chain_reader;
