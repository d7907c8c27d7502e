-- How right one model was in one window.
INSERT INTO forecast_accuracy (
    run_id, kind, cutoff, level, segment, horizon_days, model, series, actual_demand, wape_total, wape_daily, bias,
    rmsse, pinball_10, pinball_50, pinball_90, coverage_80, skill, chosen, reason
)
VALUES (
    %(run_id)s,
    %(kind)s,
    %(cutoff)s,
    %(level)s,
    %(segment)s,
    %(horizon_days)s,
    %(model)s,
    %(series)s,
    %(actual_demand)s,
    %(wape_total)s,
    %(wape_daily)s,
    %(bias)s,
    %(rmsse)s,
    %(pinball_10)s,
    %(pinball_50)s,
    %(pinball_90)s,
    %(coverage_80)s,
    %(skill)s,
    %(chosen)s,
    %(reason)s
)
