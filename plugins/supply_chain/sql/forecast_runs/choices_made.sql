-- Which models a run has chosen and why, with their mean error over its backtests beside that of the seasonal naive.
SELECT
    chosen.level,
    chosen.segment,
    chosen.model,
    avg(chosen.wape_total) AS wape_total,
    avg(naive.wape_total) AS naive_wape_total,
    max(chosen.reason) AS reason
FROM forecast_accuracy AS chosen
LEFT JOIN forecast_accuracy AS naive
    ON
        chosen.run_id = naive.run_id
        AND chosen.kind = naive.kind
        AND chosen.cutoff = naive.cutoff
        AND chosen.level = naive.level
        AND chosen.segment = naive.segment
        AND chosen.horizon_days = naive.horizon_days
        AND naive.model = 'seasonal_naive'
WHERE chosen.run_id = %(run_id)s AND chosen.kind = 'backtest' AND chosen.horizon_days = 28 AND chosen.chosen
GROUP BY chosen.level, chosen.segment, chosen.model
ORDER BY chosen.level, chosen.segment, chosen.model
