-- Which definitions the views of the dashboards were created from.
SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace
WHERE nspname = 'dashboards'
