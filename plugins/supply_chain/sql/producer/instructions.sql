-- Which source is published, and what the stream is told to do.
WITH source AS (
    SELECT
        data_gen.checksum,
        data_gen.row_count
    FROM data_gen
    WHERE data_gen.module = 'order_lines'
),

last_line AS (
    SELECT order_lines.order_date::date AS day
    FROM order_lines
    ORDER BY order_lines.position DESC
    LIMIT 1
)

SELECT
    source.checksum,
    stream_control.replay_rate,
    coalesce(source.row_count, 0) AS row_count,
    coalesce(stream_control.desired_state, 'stopped') AS desired_state,
    coalesce(stream_control.history_until, last_line.day - 30) AS history_until
FROM (VALUES (true)) AS always (present)
LEFT JOIN source ON always.present
LEFT JOIN last_line ON always.present
LEFT JOIN stream_control ON always.present
