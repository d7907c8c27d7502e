-- Tell the stream what to do; where that is what it does already, nothing changes, its date included.
INSERT INTO stream_control AS present (desired_state, replay_rate, history_until, changed_by)
VALUES (%(desired_state)s, %(replay_rate)s, %(history_until)s, %(changed_by)s)
ON CONFLICT (only_row) DO UPDATE
    SET
        desired_state = excluded.desired_state,
        replay_rate = excluded.replay_rate,
        history_until = excluded.history_until,
        changed_by = excluded.changed_by,
        changed_at = now()
    WHERE
    (present.desired_state, present.replay_rate, present.history_until)
    IS DISTINCT FROM (excluded.desired_state, excluded.replay_rate, excluded.history_until)
