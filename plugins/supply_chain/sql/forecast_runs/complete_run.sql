-- A forecast that is complete: from now on readers see it.
UPDATE forecast_runs
SET
    status = 'complete',
    series_total = published.series,
    series_done = published.series,
    series_failed = published.failed,
    seconds_by_stage = %(seconds_by_stage)s,
    code_version = %(code_version)s,
    spark_application = %(spark_application)s,
    failure = NULL,
    finished_at = now()
FROM (
    SELECT
        count(*) AS series,
        count(*) FILTER (WHERE forecast_series.status = 'failed') AS failed
    FROM forecast_series
    WHERE forecast_series.run_id = %(run_id)s
) AS published
WHERE forecast_runs.run_id = %(run_id)s
