-- What the stream is told to do; no row before it was ever told anything.
SELECT desired_state FROM stream_control
