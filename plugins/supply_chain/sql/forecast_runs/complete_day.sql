-- The last day with orders before the first one of which order lines may still be on their way. A single order line
-- with a wrong date in the far future does not move it, even where that line is the newest of every partition.
SELECT max(ds) AS complete_day
FROM daily_aggregates
WHERE ds < %(complete_until)s
