-- The models of a forecast, in words.
CREATE VIEW dashboards.model_names AS
SELECT
    model,
    model_name
FROM (
    VALUES
    ('champion', 'chosen models together'),
    ('prophet_season', 'Prophet with season'),
    ('prophet_level', 'Prophet without season'),
    ('prophet_pair', 'Prophet for the single store'),
    ('prophet_allocated', 'product forecast shared among stores'),
    ('sum_of_parts', 'sum of the level below'),
    ('moving_mean', 'mean of the last half year'),
    ('seasonal_naive', 'same as last week'),
    ('tsb', 'rare sales (TSB)')
) AS named (model, model_name);
COMMENT ON VIEW dashboards.model_names IS 'The models of a forecast, in words.';
