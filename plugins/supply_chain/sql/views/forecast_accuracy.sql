-- How right each forecast is: by backtests of its own, and by what came of it and of the baselines before it.
CREATE VIEW dashboards.forecast_accuracy AS
SELECT
    choice.forecast,
    judged.forecast AS judged_forecast,
    accuracy.cutoff,
    accuracy.segment,
    accuracy.horizon_days,
    accuracy.series,
    accuracy.actual_demand,
    accuracy.wape_total,
    accuracy.wape_daily,
    accuracy.bias,
    accuracy.rmsse,
    accuracy.pinball_10,
    accuracy.pinball_50,
    accuracy.pinball_90,
    accuracy.coverage_80,
    accuracy.skill,
    accuracy.chosen,
    reason.told AS reason,
    accuracy.computed_at,
    CASE accuracy.kind WHEN 'live' THEN 'what came' ELSE accuracy.kind END AS kind,
    coalesce(level.level_name, accuracy.level) AS level,
    coalesce(named.model_name, accuracy.model) AS model
FROM dashboards.forecast_choices AS choice
INNER JOIN forecast_runs AS run ON choice.cutoff >= run.cutoff
INNER JOIN dashboards.forecast_names AS judged ON run.run_id = judged.run_id
INNER JOIN forecast_accuracy AS accuracy
    ON
        run.run_id = accuracy.run_id
        AND (choice.run_id = run.run_id OR (accuracy.kind = 'live' AND run.is_baseline))
LEFT JOIN dashboards.level_names AS level ON accuracy.level = level.level
LEFT JOIN dashboards.model_names AS named ON accuracy.model = named.model
LEFT JOIN LATERAL (
    SELECT string_agg(coalesce(other.model_name, word.text), ' ' ORDER BY word.number) AS told
    FROM regexp_split_to_table(accuracy.reason, ' ') WITH ORDINALITY AS word (text, number)
    LEFT JOIN dashboards.model_names AS other ON word.text = other.model
) AS reason ON TRUE;
COMMENT ON VIEW dashboards.forecast_accuracy IS
'How right each forecast is: by backtests of its own, and by what came of it and of the baselines before it.';
COMMENT ON COLUMN dashboards.forecast_accuracy.forecast IS 'The forecast that was chosen to be looked at.';
COMMENT ON COLUMN dashboards.forecast_accuracy.judged_forecast IS
'The forecast that was compared with what came: the chosen one, or an earlier baseline.';
