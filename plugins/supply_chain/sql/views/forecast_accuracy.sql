-- The newest judgement of each window, level, segment and model.
CREATE VIEW dashboards.forecast_accuracy AS
SELECT DISTINCT ON (kind, cutoff, level, segment, horizon_days, model)
    kind,
    cutoff,
    level,
    segment,
    horizon_days,
    model,
    series,
    actual_demand,
    wape_total,
    wape_daily,
    bias,
    rmsse,
    pinball_10,
    pinball_50,
    pinball_90,
    coverage_80,
    skill,
    chosen,
    reason,
    computed_at
FROM forecast_accuracy
ORDER BY
    kind ASC, cutoff ASC, level ASC, segment ASC, horizon_days ASC, model ASC, computed_at DESC;
COMMENT ON VIEW dashboards.forecast_accuracy IS 'The newest judgement of each window, level, segment and model.';
