-- How the stream was, as order_stream saw it.
CREATE VIEW dashboards.stream_health AS
SELECT
    observed_at,
    lag,
    lines_per_second,
    checkpoint_age_seconds,
    counted,
    rejected,
    findings
FROM stream_health;
COMMENT ON VIEW dashboards.stream_health IS 'How the stream was, as order_stream saw it.';
