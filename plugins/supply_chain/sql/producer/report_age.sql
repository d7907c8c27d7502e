-- How long ago the order producer last reported.
SELECT now() - max(heartbeat_at) FROM kafka_sent
