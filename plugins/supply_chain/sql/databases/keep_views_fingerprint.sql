-- Remember which definitions the views of the dashboards were created from.
SELECT set_config('supply_chain.views_fingerprint', %(fingerprint)s, TRUE);
DO $$
BEGIN
    EXECUTE format('COMMENT ON SCHEMA dashboards IS %%L', current_setting('supply_chain.views_fingerprint'));
END
$$;
