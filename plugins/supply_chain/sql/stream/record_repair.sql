-- Keep what a run has repaired, once however often it says so, and forget what is older than a month.
WITH forgotten AS (
    DELETE FROM repairs
    WHERE repaired_at < now() - interval '31 days'
)

INSERT INTO repairs (run_id, part, found, done)
VALUES (%(run_id)s, %(part)s, %(found)s, %(done)s)
ON CONFLICT (run_id, part) DO NOTHING
