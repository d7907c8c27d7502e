-- Whether planning is to go by this run: a complete baseline, and none with a later cutoff.
SELECT
    run.is_baseline
    AND run.status = 'complete'
    AND NOT EXISTS (
        SELECT FROM forecast_runs AS later
        WHERE later.is_baseline AND later.status = 'complete' AND later.cutoff > run.cutoff
    ) AS is_newest
FROM forecast_runs AS run
WHERE run.run_id = %(run_id)s
