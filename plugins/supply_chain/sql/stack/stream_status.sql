-- What the stream does, and how old forecast and plan are; one row, also before anything was streamed.
SELECT
    stream.state,
    stream.told,
    stream.since,
    stream.by_whom,
    stream.why,
    fresh.forecast_from,
    fresh.forecast_age_days,
    fresh.plan_day,
    fresh.plan_age_days
FROM dashboards.stream_state AS stream
LEFT JOIN dashboards.freshness AS fresh ON stream.state IS NOT NULL
