-- Keep how the stream is, and forget what is older than a month.
WITH forgotten AS (
    DELETE FROM stream_health
    WHERE observed_at < now() - interval '31 days'
)

INSERT INTO stream_health (lag, lines_per_second, checkpoint_age_seconds, counted, rejected, findings)
VALUES
(%(lag)s, %(lines_per_second)s, %(checkpoint_age_seconds)s, %(counted)s, %(rejected)s, %(findings)s)
