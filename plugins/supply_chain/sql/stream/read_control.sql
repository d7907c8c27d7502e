-- What the stream has been told to do.
SELECT
    desired_state,
    replay_rate,
    history_until,
    changed_by,
    changed_at
FROM stream_control
