-- What order_stream has repaired, and when.
CREATE VIEW dashboards.repairs AS
SELECT
    repaired_at,
    part,
    found,
    done,
    run_id
FROM repairs;
COMMENT ON VIEW dashboards.repairs IS
'What the runs of order_stream found broken or missing, and what they did, for a month.';
COMMENT ON COLUMN dashboards.repairs.repaired_at IS 'When the run had repaired it.';
COMMENT ON COLUMN dashboards.repairs.part IS 'The part of the stream: topics, flink or producer.';
COMMENT ON COLUMN dashboards.repairs.found IS 'What the run found.';
COMMENT ON COLUMN dashboards.repairs.done IS 'What the run did about it.';
COMMENT ON COLUMN dashboards.repairs.run_id IS 'The run of order_stream.';
