-- What-ifs are compared with the baseline, what is out of stock is counted, and one view says which days are received.
-- depends: 0008.seeder-privileges

ALTER TABLE forecast_runs ADD COLUMN demand_in_words text NOT NULL DEFAULT 'as forecast';
COMMENT ON COLUMN forecast_runs.demand_in_words IS 'By how much a what-if changes the demand, in words.';
UPDATE forecast_runs SET demand_in_words = concat('everything × ', parameters ->> 'demand_multiplier')
WHERE parameters ->> 'demand_multiplier' NOT IN ('1', '1.0');

ALTER TABLE replenishment_runs
ADD COLUMN compared_plan_id text REFERENCES replenishment_runs,
ADD COLUMN pairs_out_of_stock integer;
COMMENT ON COLUMN replenishment_runs.compared_plan_id IS
'For a what-if: the plan of the baseline that it is compared with, whose day and stock it takes.';
COMMENT ON COLUMN replenishment_runs.pairs_out_of_stock IS 'Pairs with nothing on hand, or less, when planned.';
COMMENT ON COLUMN replenishment_runs.stock_outs_7_days IS
'Pairs with something on hand that are more likely than not to run out within 7 days from plan_day on, without new '
'orders.';
COMMENT ON COLUMN replenishment_runs.plan_day IS
'First day of the plan: the first day of which orders may still be missing, the forecast''s cutoff at least.';

ALTER TABLE replenishment_plan
ADD COLUMN forecast_demand double precision,
DROP CONSTRAINT replenishment_plan_series_status_check,
ADD CHECK (series_status IN ('ok', 'new', 'stopped', 'failed', 'none'));
COMMENT ON COLUMN replenishment_plan.forecast_demand IS 'Units expected from plan_day until the forecast''s end.';
COMMENT ON COLUMN replenishment_plan.series_status IS
'Of the forecast; failed and none: there is no forecast, and the line orders what is owed to customers alone.';

CREATE VIEW received_days AS
SELECT
    counted.first_day,
    counted.last_day,
    CASE
        -- Every message was counted or rejected, and none follows: the last day is complete.
        WHEN EXISTS (
            SELECT FROM kafka_sent AS sent
            WHERE
                sent.topic = 'orders'
                AND sent.state = 'finished'
                AND sent.lines_acknowledged
                <= (SELECT sum(line.order_lines) FROM daily_aggregates AS line)
                + (SELECT count(*) FROM rejected_events)
        ) THEN counted.last_day + 1
        -- Lines arrive in order within a partition: the partition that is behind decides.
        ELSE coalesce(
            (
                SELECT min(newest.ds) FROM (
                    SELECT max(line.order_date)::date AS ds
                    FROM recent_orders AS line
                    GROUP BY line.kafka_partition
                ) AS newest
            ),
            counted.last_day
        )
    END AS complete_until
FROM (
    SELECT
        min(ds) AS first_day,
        max(ds) AS last_day
    FROM daily_aggregates
) AS counted;
COMMENT ON VIEW received_days IS 'Which days are in the data: null where there is none.';
COMMENT ON COLUMN received_days.complete_until IS 'The first day of which orders may still be missing.';
GRANT SELECT ON received_days TO supply_chain_operator, supply_chain_forecaster, supply_chain_reader;
