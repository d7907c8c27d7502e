-- Which source is published, and what the stream is told to do. The history ends at the latest with the seeded lines.
-- Where lines were added after those, all days before the last one were sent once, and may be sent again at once.
WITH source AS (
    SELECT
        data_gen.checksum,
        data_gen.row_count,
        data_gen.recipe
    FROM data_gen
    WHERE data_gen.module = 'order_lines'
),

last_line AS (
    SELECT
        order_lines.position,
        order_lines.order_date::date AS day
    FROM order_lines
    ORDER BY order_lines.position DESC
    LIMIT 1
)

SELECT
    source.checksum,
    source.recipe,
    stream_control.replay_rate,
    coalesce(source.row_count, 0) AS row_count,
    coalesce(stream_control.desired_state, 'stopped') AS desired_state,
    CASE
        WHEN last_line.position > source.row_count THEN last_line.day
        ELSE least(coalesce(stream_control.history_until, last_seeded.order_date::date - 30), last_line.day + 1)
    END AS history_until
FROM (VALUES (true)) AS always (present)
LEFT JOIN source ON always.present
LEFT JOIN last_line ON always.present
LEFT JOIN order_lines AS last_seeded ON source.row_count = last_seeded.position
LEFT JOIN stream_control ON always.present
