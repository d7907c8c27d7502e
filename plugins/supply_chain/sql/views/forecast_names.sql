-- A name for each forecast that a person can choose it by: what it is, from when, and when it was made.
CREATE VIEW dashboards.forecast_names AS
WITH described AS (
    SELECT
        run_id,
        coalesce(finished_at, started_at) AS made_at,
        concat(
            -- Without a name of its own, and not one that planning goes by: of some products, days or statuses alone.
            CASE WHEN scenario <> 'baseline' OR is_baseline THEN scenario ELSE 'part of the baseline' END,
            ' from ', cutoff, ', ',
            CASE status WHEN 'complete' THEN 'made ' ELSE status || ' since ' END,
            to_char(coalesce(finished_at, started_at) AT TIME ZONE 'UTC', 'HH24:MI "on" YYYY-MM-DD')
        ) AS description
    FROM forecast_runs
)

SELECT
    run_id,
    made_at,
    CASE
        WHEN row_number() OVER same = 1 THEN description
        ELSE description || ' (' || row_number() OVER same || ')'
    END AS forecast
FROM described
WINDOW same AS (PARTITION BY description ORDER BY made_at, run_id);
COMMENT ON VIEW dashboards.forecast_names IS
'A name for each forecast that a person can choose it by: what it is, from when, and when it was made.';
