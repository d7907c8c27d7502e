-- An empty schema for the views of the dashboards.
DROP SCHEMA IF EXISTS dashboards CASCADE;
CREATE SCHEMA dashboards;
