-- What the producer and the Flink job write, and how the stream is told what to do.
-- depends: 0001.reference-tables

-- No foreign keys: the stream checks every order line against the same tables, and a second check, which locks the
-- referenced row, was two thirds of what an insert costs (13.8 against 4.8 microseconds).
CREATE TABLE daily_aggregates (
    ds date NOT NULL,
    retailer_id integer NOT NULL,
    product_id integer NOT NULL,
    order_status text NOT NULL,
    order_lines bigint NOT NULL,
    total_item_quantity bigint NOT NULL,
    total_sales numeric(18, 2) NOT NULL,
    total_profit numeric(18, 2) NOT NULL,
    sum_real_shipping_days bigint NOT NULL,
    sum_scheduled_shipping_days bigint NOT NULL,
    sum_late_risk bigint NOT NULL,
    late_deliveries bigint NOT NULL,
    on_time_deliveries bigint NOT NULL,
    advance_deliveries bigint NOT NULL,
    canceled_deliveries bigint NOT NULL,
    avg_real_shipping_days numeric GENERATED ALWAYS AS (sum_real_shipping_days::numeric / order_lines) VIRTUAL,
    avg_scheduled_shipping_days numeric
    GENERATED ALWAYS AS (sum_scheduled_shipping_days::numeric / order_lines) VIRTUAL,
    avg_late_risk numeric GENERATED ALWAYS AS (sum_late_risk::numeric / order_lines) VIRTUAL,
    PRIMARY KEY (ds, retailer_id, product_id, order_status),
    CHECK (order_lines > 0)
);
COMMENT ON TABLE daily_aggregates IS 'Order lines by UTC day, store, product and status: sums, and averages.';

CREATE TABLE order_activity (
    bucket_start timestamptz NOT NULL,
    market text NOT NULL,
    order_lines bigint NOT NULL,
    total_item_quantity bigint NOT NULL,
    total_sales numeric(18, 2) NOT NULL,
    PRIMARY KEY (bucket_start, market)
);
COMMENT ON TABLE order_activity IS 'Order lines by ten seconds of the time they were produced.';

CREATE TABLE recent_orders (
    kafka_partition integer NOT NULL,
    slot integer NOT NULL,
    kafka_offset bigint NOT NULL,
    produced_at timestamptz NOT NULL,
    order_item_id bigint NOT NULL,
    order_id bigint NOT NULL,
    order_date timestamptz NOT NULL,
    product_id integer NOT NULL,
    retailer_id integer NOT NULL,
    customer_id bigint NOT NULL,
    quantity bigint NOT NULL,
    sales numeric(14, 2) NOT NULL,
    order_status text NOT NULL,
    delivery_status text NOT NULL,
    shipping_mode text NOT NULL,
    market text NOT NULL,
    order_country text NOT NULL,
    PRIMARY KEY (kafka_partition, slot)
);
COMMENT ON TABLE recent_orders IS 'A ring of the latest order lines: slot = offset modulo the ring''s size.';

CREATE FUNCTION keep_newest_recent_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Upserts of one slot may arrive out of order; the ring only moves forward.
    IF new.kafka_offset < old.kafka_offset THEN
        RETURN NULL;
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER keep_newest BEFORE UPDATE ON recent_orders
FOR EACH ROW EXECUTE FUNCTION keep_newest_recent_order();

CREATE TABLE rejected_events (
    kafka_partition integer NOT NULL,
    kafka_offset bigint NOT NULL,
    reason text NOT NULL,
    field text NOT NULL,
    produced_at timestamptz NOT NULL,
    payload_bytes integer NOT NULL,
    payload_start bytea,
    rejected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kafka_partition, kafka_offset)
);
COMMENT ON TABLE rejected_events IS 'Messages that were not counted; unchanged and whole in the topic orders.rejected.';
COMMENT ON COLUMN rejected_events.payload_start IS 'The first bytes, which need not be text.';

CREATE TABLE kafka_sent (
    topic text PRIMARY KEY,
    source_checksum text NOT NULL,
    last_position bigint NOT NULL,
    lines_acknowledged bigint NOT NULL,
    last_order_date timestamptz,
    state text NOT NULL,
    lines_per_second double precision NOT NULL,
    heartbeat_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE kafka_sent IS 'Progress of the order producer, for people; its position comes from the topic itself.';
COMMENT ON COLUMN kafka_sent.last_position IS 'Every order line up to this position is in the topic.';

CREATE TABLE stream_control (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    desired_state text NOT NULL CHECK (desired_state IN ('running', 'paused', 'stopped')),
    replay_rate double precision CHECK (replay_rate > 0),
    history_until date,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE stream_control IS 'What the order producer and the Flink job are to do.';
COMMENT ON COLUMN stream_control.replay_rate IS 'Order lines a second after history_until; null: as fast as possible.';
COMMENT ON COLUMN stream_control.history_until IS 'Null: 30 days before the last order line.';

CREATE TABLE ledger_checks (
    check_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now(),
    messages bigint NOT NULL,
    rejected bigint NOT NULL,
    tables_compared integer NOT NULL,
    rows_compared bigint NOT NULL,
    rows_differing bigint NOT NULL,
    first_differences jsonb NOT NULL
);
COMMENT ON TABLE ledger_checks IS 'Results of the ledger check: the stream''s tables against the topic, recomputed.';
