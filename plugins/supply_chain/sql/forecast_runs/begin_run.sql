-- Write down what a forecast is to be; a run that begins again loses what it had published.
WITH series AS (
    DELETE FROM forecast_series
    WHERE run_id = %(run_id)s
),

accuracy AS (
    DELETE FROM forecast_accuracy
    WHERE run_id = %(run_id)s
)

INSERT INTO forecast_runs (
    run_id, status, scenario, is_baseline, cutoff, horizon_days, train_from, parameters, triggered_by, demand_in_words
)
VALUES (
    %(run_id)s,
    'running',
    %(scenario)s,
    %(is_baseline)s,
    %(cutoff)s,
    %(horizon_days)s,
    %(train_from)s,
    %(parameters)s,
    %(triggered_by)s,
    %(demand_in_words)s
)
ON CONFLICT (run_id) DO UPDATE
    SET
        status = 'running',
        scenario = excluded.scenario,
        is_baseline = excluded.is_baseline,
        cutoff = excluded.cutoff,
        horizon_days = excluded.horizon_days,
        train_from = excluded.train_from,
        parameters = excluded.parameters,
        triggered_by = excluded.triggered_by,
        demand_in_words = excluded.demand_in_words,
        series_total = NULL,
        series_done = NULL,
        series_failed = NULL,
        seconds_by_stage = NULL,
        failure = NULL,
        started_at = now(),
        finished_at = NULL
