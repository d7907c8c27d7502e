-- Demand forecasts: runs, series, and how right they were; what readers see is complete runs alone.
-- depends: 0003.privileges

CREATE SCHEMA forecast_staging;

CREATE TABLE forecast_runs (
    run_id text PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('running', 'complete', 'failed')),
    scenario text NOT NULL,
    is_baseline boolean NOT NULL,
    cutoff date NOT NULL,
    horizon_days integer NOT NULL CHECK (horizon_days BETWEEN 1 AND 365),
    train_from date,
    parameters jsonb NOT NULL,
    triggered_by text NOT NULL,
    series_total integer,
    series_done integer,
    series_failed integer,
    seconds_by_stage jsonb,
    code_version text,
    spark_application text,
    failure text,
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK (train_from < cutoff)
);
COMMENT ON TABLE forecast_runs IS 'One row per forecast: what was asked for, and what became of it.';
COMMENT ON COLUMN forecast_runs.run_id IS 'The id of the run of the DAG forecast_demand.';
COMMENT ON COLUMN forecast_runs.is_baseline IS 'Every product and store, no what-if: what planning goes by.';
COMMENT ON COLUMN forecast_runs.cutoff IS 'First day of the forecast; only days before it were looked at.';
COMMENT ON COLUMN forecast_runs.train_from IS 'First day that was looked at; null: all there is.';

CREATE TABLE forecast_series (
    run_id text NOT NULL REFERENCES forecast_runs ON DELETE CASCADE,
    level text NOT NULL CHECK (level IN ('total', 'category', 'product', 'retailer', 'product_retailer')),
    category_id integer,
    product_id integer,
    retailer_id integer,
    status text NOT NULL CHECK (status IN ('ok', 'new', 'stopped', 'failed')),
    failure text,
    segment text,
    model text,
    yhat double precision[] NOT NULL,
    p10 integer[] NOT NULL,
    p50 integer[] NOT NULL,
    p90 integer[] NOT NULL,
    variance_ratio double precision,
    level_uncertainty double precision,
    total_7_p10 integer,
    total_7_p90 integer,
    total_28_p10 integer,
    total_28_p90 integer,
    seasonal_naive double precision[],
    moving_mean double precision,
    rmsse_scale double precision,
    UNIQUE NULLS NOT DISTINCT (run_id, level, category_id, product_id, retailer_id),
    CHECK (cardinality(yhat) = cardinality(p10)),
    CHECK (cardinality(yhat) = cardinality(p50)),
    CHECK (cardinality(yhat) = cardinality(p90))
);
COMMENT ON TABLE forecast_series IS 'One forecast of a series, a day per element; demand_forecasts has a row per day.';
COMMENT ON COLUMN forecast_series.segment IS 'Demand class: smooth, erratic, intermittent or lumpy.';
COMMENT ON COLUMN forecast_series.variance_ratio IS
'Var(demand of any days) = variance_ratio * M + level_uncertainty * M^2, M their expected demand.';
COMMENT ON COLUMN forecast_series.total_7_p10 IS 'Quantile of the sum of 7 days; null for a shorter forecast.';
COMMENT ON COLUMN forecast_series.seasonal_naive IS 'Demand of the seven days before the cutoff, in order.';
COMMENT ON COLUMN forecast_series.moving_mean IS 'Mean daily demand of the 182 days before the cutoff.';
COMMENT ON COLUMN forecast_series.rmsse_scale IS 'Mean squared change from day to day since the first sale (M5).';

CREATE UNLOGGED TABLE forecast_staging.series (
    attempt text NOT NULL,
    LIKE public.forecast_series
);
COMMENT ON TABLE forecast_staging.series IS 'What a running job has written; published whole or not at all.';

CREATE TABLE forecast_accuracy (
    run_id text NOT NULL REFERENCES forecast_runs ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('backtest', 'live')),
    cutoff date NOT NULL,
    level text NOT NULL,
    segment text NOT NULL,
    horizon_days integer NOT NULL,
    model text NOT NULL,
    series integer NOT NULL,
    actual_demand double precision NOT NULL,
    wape_total double precision,
    wape_daily double precision,
    bias double precision,
    rmsse double precision,
    pinball_10 double precision,
    pinball_50 double precision,
    pinball_90 double precision,
    coverage_80 double precision,
    skill double precision,
    chosen boolean NOT NULL,
    reason text,
    computed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, kind, cutoff, level, segment, horizon_days, model)
);
COMMENT ON TABLE forecast_accuracy IS 'How right forecasts are: in backtests, and once their days have come.';
COMMENT ON COLUMN forecast_accuracy.cutoff IS 'First day of the window that was forecast.';
COMMENT ON COLUMN forecast_accuracy.segment IS 'Demand class, or all.';
COMMENT ON COLUMN forecast_accuracy.wape_total IS 'Sum of |error of a series'' total| / sum of demand.';
COMMENT ON COLUMN forecast_accuracy.wape_daily IS 'Sum of |daily error| / sum of demand.';
COMMENT ON COLUMN forecast_accuracy.bias IS '(Forecast - demand) / demand, over all series.';
COMMENT ON COLUMN forecast_accuracy.rmsse IS 'Root mean squared scaled error (M5), mean over the series.';
COMMENT ON COLUMN forecast_accuracy.pinball_10 IS 'Mean pinball loss of the daily 10 % quantile / mean daily demand.';
COMMENT ON COLUMN forecast_accuracy.coverage_80 IS 'Share of series whose total lies in its own 80 % interval.';
COMMENT ON COLUMN forecast_accuracy.skill IS '1 - wape_total / that of the better of seasonal naive and moving mean.';
COMMENT ON COLUMN forecast_accuracy.chosen IS 'Whether this model makes the forecast of this level and segment.';

CREATE VIEW demand_forecasts AS
SELECT
    series.run_id,
    run.scenario,
    run.cutoff,
    series.level,
    series.category_id,
    series.product_id,
    series.retailer_id,
    day.yhat,
    day.p10,
    day.p50,
    day.p90,
    series.model,
    series.status,
    run.cutoff + (day.number - 1)::integer AS ds
FROM forecast_series AS series
INNER JOIN forecast_runs AS run ON series.run_id = run.run_id AND run.status = 'complete'
CROSS JOIN
    unnest(series.yhat, series.p10, series.p50, series.p90) WITH ORDINALITY AS day (yhat, p10, p50, p90, number);
COMMENT ON VIEW demand_forecasts IS 'Every complete forecast, one row per series and day.';

GRANT SELECT ON forecast_runs, forecast_series, forecast_accuracy, demand_forecasts TO
supply_chain_operator, supply_chain_forecaster, supply_chain_reader;
GRANT INSERT, UPDATE, DELETE ON forecast_runs, forecast_series, forecast_accuracy TO supply_chain_forecaster;
GRANT USAGE ON SCHEMA forecast_staging TO supply_chain_forecaster;
GRANT SELECT, INSERT, DELETE ON forecast_staging.series TO supply_chain_forecaster;
-- To analyse it. Last, because the linter does not know this privilege of PostgreSQL 17.
GRANT MAINTAIN ON forecast_series TO supply_chain_forecaster; -- noqa: PRS
