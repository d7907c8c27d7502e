-- What order_stream has repaired, for people who look later; and what its watch needs to announce complete days.
-- depends: 0008.seeder-privileges

CREATE TABLE repairs (
    run_id text NOT NULL,
    part text NOT NULL,
    found text NOT NULL,
    done text NOT NULL,
    repaired_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run_id, part)
);
CREATE INDEX repairs_by_time ON repairs (repaired_at);
COMMENT ON TABLE repairs IS 'What the runs of order_stream found broken or missing, and what they did, for a month.';
COMMENT ON COLUMN repairs.run_id IS 'The run of the DAG order_stream.';

GRANT SELECT ON repairs TO supply_chain_reader, supply_chain_forecaster;
GRANT SELECT, INSERT, UPDATE, DELETE ON repairs TO supply_chain_operator;
