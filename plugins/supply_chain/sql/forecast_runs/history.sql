-- First day with demand in a training window; null where there is none.
SELECT min(ds) AS first_day
FROM daily_aggregates
WHERE
    ds < %(cutoff)s
    AND ds >= coalesce(%(train_from)s, ds)
    AND order_status <> all(%(excluded_statuses)s)
