-- What was refused, in words: how many messages and rows of the source by reason and field, and when the last one came.
CREATE VIEW dashboards.rejects AS
WITH refused AS (
    SELECT
        'message' AS kind,
        reason,
        field,
        rejected_at
    FROM rejected_events
    UNION ALL
    SELECT
        'row of the source' AS kind,
        reason,
        column_name AS field,
        rejected_at
    FROM rejected_rows
)

SELECT
    kind,
    replace(reason, '_', ' ') AS reason,
    replace(field, '_', ' ') AS field,
    count(*) AS refused,
    max(rejected_at) AS last_refused_at
FROM refused
GROUP BY kind, reason, field;
COMMENT ON VIEW dashboards.rejects IS
'What was refused, in words: how many messages and rows of the source by reason and field, and when the last one came.';
