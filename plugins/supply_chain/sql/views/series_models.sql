-- Which model makes which series of a forecast.
CREATE VIEW dashboards.series_models AS
SELECT
    choice.forecast,
    series.segment,
    series.status,
    coalesce(level.level_name, series.level) AS level,
    coalesce(named.model_name, series.model) AS model
FROM dashboards.forecast_choices AS choice
INNER JOIN forecast_series AS series ON choice.run_id = series.run_id
LEFT JOIN dashboards.level_names AS level ON series.level = level.level
LEFT JOIN dashboards.model_names AS named ON series.model = named.model;
COMMENT ON VIEW dashboards.series_models IS 'Which model makes which series of a forecast.';
