-- The forecasts that can be looked at, by name; the first is the one that planning goes by, whichever that is.
CREATE VIEW dashboards.forecast_choices AS
SELECT
    name.forecast,
    run.run_id,
    run.cutoff,
    run.horizon_days,
    run.is_baseline,
    name.made_at,
    1 + row_number() OVER (ORDER BY name.made_at DESC, run.run_id DESC) AS place
FROM forecast_runs AS run
INNER JOIN dashboards.forecast_names AS name ON run.run_id = name.run_id
WHERE run.status = 'complete'
UNION ALL
SELECT
    'Newest baseline' AS forecast,
    run.run_id,
    run.cutoff,
    run.horizon_days,
    run.is_baseline,
    run.finished_at AS made_at,
    1 AS place
FROM dashboards.newest_forecast AS newest
INNER JOIN forecast_runs AS run ON newest.run_id = run.run_id;
COMMENT ON VIEW dashboards.forecast_choices IS
'The forecasts that can be looked at, by name; the first is the one that planning goes by, whichever that is.';
COMMENT ON COLUMN dashboards.forecast_choices.place IS 'To sort by: the newest baseline, then the newest forecast.';
