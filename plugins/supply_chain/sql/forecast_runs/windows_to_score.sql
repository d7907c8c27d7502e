-- Complete forecasts of what is, not of what if, whose first 7 or 28 days have come and have not been judged.
SELECT
    run.run_id,
    span.days
FROM forecast_runs AS run
CROSS JOIN (VALUES (7), (28)) AS span (days)
WHERE
    run.status = 'complete'
    AND run.demand_in_words = 'as forecast'
    AND run.horizon_days >= span.days
    AND run.cutoff + span.days <= %(complete_until)s
    AND NOT EXISTS (
        SELECT FROM forecast_accuracy AS judged
        WHERE judged.run_id = run.run_id AND judged.kind = 'live' AND judged.horizon_days = span.days
    )
ORDER BY run.cutoff, run.run_id, span.days
