-- The day that the stock is of: for a what-if that of the plan which it is compared with, else the first day of which
-- orders may still be missing.
SELECT coalesce(compared.plan_day, days.complete_until) AS plan_day
FROM received_days AS days
LEFT JOIN replenishment_runs AS compared ON compared.plan_id = %(compared_plan_id)s
