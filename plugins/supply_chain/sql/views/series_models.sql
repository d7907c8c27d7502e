-- Which model makes which series of the newest forecast.
CREATE VIEW dashboards.series_models AS
SELECT
    series.level,
    series.model,
    series.segment,
    series.status
FROM dashboards.newest_forecast AS run
INNER JOIN forecast_series AS series ON run.run_id = series.run_id;
COMMENT ON VIEW dashboards.series_models IS 'Which model makes which series of the newest forecast.';
