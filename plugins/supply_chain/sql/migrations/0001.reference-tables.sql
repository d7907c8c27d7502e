-- What the seeding publishes: the reference tables, the order lines to replay, and what it refused.
-- depends:

CREATE SCHEMA staging;

CREATE TABLE products (
    product_id integer PRIMARY KEY,
    product_name text NOT NULL,
    category_id integer NOT NULL,
    category_name text NOT NULL,
    department_id integer NOT NULL,
    department_name text NOT NULL,
    product_price numeric(12, 2) NOT NULL CHECK (product_price >= 0),
    product_image text
);
COMMENT ON TABLE products IS 'The catalogue; where rows of the source disagree, the latest order line wins.';

CREATE TABLE retailers (
    retailer_id integer PRIMARY KEY,
    retailer_name text NOT NULL,
    retailer_country text NOT NULL,
    retailer_state text NOT NULL,
    retailer_city text NOT NULL,
    latitude numeric(9, 6) CHECK (latitude BETWEEN -90 AND 90),
    longitude numeric(9, 6) CHECK (longitude BETWEEN -180 AND 180),
    UNIQUE (retailer_country, retailer_state, retailer_city)
);
COMMENT ON TABLE retailers IS 'The stores: one per city, state and country of the customers.';

CREATE TABLE locations (
    location_id integer PRIMARY KEY,
    city text NOT NULL,
    state text NOT NULL,
    country text NOT NULL,
    region text NOT NULL,
    market text NOT NULL,
    UNIQUE (city, state, country, region, market)
);
COMMENT ON TABLE locations IS 'Where orders are delivered to.';

CREATE TABLE customers (
    customer_id bigint PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    segment text NOT NULL,
    street text NOT NULL,
    zipcode text NOT NULL,
    retailer_id integer NOT NULL REFERENCES retailers
);
COMMENT ON TABLE customers IS 'Who orders, and at which store. Mail address and password of the source are not kept.';

-- No foreign keys: the lines are published together with what they refer to, after an audit that joins them once; a
-- check of each line for itself takes longer than all the rest of the publication.
CREATE TABLE order_lines (
    position bigint PRIMARY KEY,
    order_item_id bigint NOT NULL UNIQUE,
    order_id bigint NOT NULL,
    order_date timestamptz NOT NULL,
    product_id integer NOT NULL,
    retailer_id integer NOT NULL,
    customer_id bigint NOT NULL,
    location_id integer NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price numeric(12, 2) NOT NULL CHECK (unit_price >= 0),
    discount numeric(12, 2) NOT NULL CHECK (discount >= 0),
    sales numeric(14, 2) NOT NULL CHECK (sales >= 0),
    profit numeric(14, 2) NOT NULL,
    payment_type text NOT NULL,
    order_status text NOT NULL,
    delivery_status text NOT NULL,
    shipping_mode text NOT NULL,
    shipping_date timestamptz NOT NULL,
    real_shipping_days integer NOT NULL CHECK (real_shipping_days >= 0),
    scheduled_shipping_days integer NOT NULL CHECK (scheduled_shipping_days >= 0),
    late_delivery_risk integer NOT NULL CHECK (late_delivery_risk IN (0, 1)),
    market text NOT NULL,
    order_region text NOT NULL,
    order_country text NOT NULL
);
COMMENT ON TABLE order_lines IS 'The source, cleaned: what the order producer replays, in this order.';
COMMENT ON COLUMN order_lines.position IS 'Rank by order date, order id, order item id; from 1 without a gap.';
COMMENT ON COLUMN order_lines.sales IS 'Quantity times unit price, before the discount.';

CREATE TABLE inventory (
    retailer_id integer NOT NULL REFERENCES retailers,
    product_id integer NOT NULL REFERENCES products,
    opening_quantity bigint NOT NULL DEFAULT 0 CHECK (opening_quantity >= 0),
    received_quantity bigint NOT NULL DEFAULT 0 CHECK (received_quantity >= 0),
    sold_quantity bigint NOT NULL DEFAULT 0 CHECK (sold_quantity >= 0),
    quantity_on_hand bigint GENERATED ALWAYS AS (opening_quantity + received_quantity - sold_quantity) STORED,
    reorder_level bigint NOT NULL DEFAULT 0 CHECK (reorder_level >= 0),
    PRIMARY KEY (retailer_id, product_id)
);
COMMENT ON TABLE inventory IS 'Stock by store and product; on hand below zero is a backorder.';
COMMENT ON COLUMN inventory.sold_quantity IS 'Written by the stream alone, as an absolute number.';
COMMENT ON COLUMN inventory.received_quantity IS 'Written by replenishment alone.';

CREATE TABLE data_gen (
    module text PRIMARY KEY,
    source text NOT NULL,
    checksum text NOT NULL,
    row_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    completed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE data_gen IS 'Which seeding module is done, from which source.';

CREATE TABLE rejected_rows (
    source_checksum text NOT NULL,
    row_number bigint NOT NULL,
    reason text NOT NULL,
    column_name text NOT NULL,
    column_value text NOT NULL,
    detail text NOT NULL,
    raw_row text NOT NULL,
    rejected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_checksum, row_number)
);
COMMENT ON TABLE rejected_rows IS 'Rows of the source that were not taken, as they stood, and why.';
COMMENT ON COLUMN rejected_rows.row_number IS 'Record of the file, the header being 1.';
