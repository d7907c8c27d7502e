-- Empty staging tables for a source; they are not logged, since a crash only means staging again.
-- What joins them needs counts of values, roughly: a tenth of the usual sample.
SET LOCAL default_statistics_target = 10;

DROP TABLE IF EXISTS
staging.run, staging.source_rows, staging.rejections, staging.products, staging.retailers, staging.locations,
staging.customers, staging.order_lines, staging.inventory;

CREATE UNLOGGED TABLE staging.run (
    source text NOT NULL,
    checksum text NOT NULL,
    row_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    recipe jsonb
);

CREATE UNLOGGED TABLE staging.rejections (
    row_number bigint NOT NULL,
    reason text NOT NULL,
    column_name text NOT NULL,
    column_value text NOT NULL,
    detail text NOT NULL,
    raw_row text NOT NULL
);

CREATE UNLOGGED TABLE staging.source_rows (
    row_number bigint NOT NULL,
    order_item_id bigint NOT NULL,
    order_id bigint NOT NULL,
    order_date timestamptz NOT NULL,
    product_id integer NOT NULL,
    customer_id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric NOT NULL,
    discount numeric NOT NULL,
    sales numeric NOT NULL,
    profit numeric NOT NULL,
    payment_type text NOT NULL,
    order_status text NOT NULL,
    delivery_status text NOT NULL,
    shipping_mode text NOT NULL,
    shipping_date timestamptz NOT NULL,
    real_shipping_days integer NOT NULL,
    scheduled_shipping_days integer NOT NULL,
    late_delivery_risk integer NOT NULL,
    market text NOT NULL,
    order_region text NOT NULL,
    order_country text NOT NULL,
    order_state text NOT NULL,
    order_city text NOT NULL,
    customer_country text NOT NULL,
    customer_state text NOT NULL,
    customer_city text NOT NULL,
    customer_street text NOT NULL,
    customer_zipcode text NOT NULL,
    customer_first_name text NOT NULL,
    customer_last_name text NOT NULL,
    customer_segment text NOT NULL,
    latitude numeric NOT NULL,
    longitude numeric NOT NULL,
    product_name text NOT NULL,
    product_price numeric NOT NULL,
    product_image text NOT NULL,
    category_id integer NOT NULL,
    category_name text NOT NULL,
    department_id integer NOT NULL,
    department_name text NOT NULL
);
