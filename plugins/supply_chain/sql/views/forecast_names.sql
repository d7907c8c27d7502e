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
        ) AS description,
        concat(
            CASE WHEN scenario <> 'baseline' OR is_baseline THEN rtrim(left(scenario, 12)) ELSE 'part' END,
            to_char(cutoff, ' MM-DD')
        ) AS label
    FROM forecast_runs
)

SELECT
    run_id,
    made_at,
    CASE
        WHEN row_number() OVER same = 1 THEN description
        ELSE description || ' (' || row_number() OVER same || ')'
    END AS forecast,
    CASE
        WHEN row_number() OVER alike = 1 THEN label
        ELSE label || ' (' || row_number() OVER alike || ')'
    END AS short_name
FROM described
WINDOW
    same AS (PARTITION BY description ORDER BY made_at, run_id),
    alike AS (PARTITION BY label ORDER BY made_at, run_id);
COMMENT ON VIEW dashboards.forecast_names IS
'A name for each forecast that a person can choose it by: what it is, from when, and when it was made.';
COMMENT ON COLUMN dashboards.forecast_names.short_name IS
'For a legend: what it is, and the month and day that it begins with.';
