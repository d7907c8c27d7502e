-- Generated orders: what they were generated from, and the order producer may add to them.
-- depends: 0008.seeder-privileges

ALTER TABLE data_gen ADD COLUMN recipe jsonb;
COMMENT ON COLUMN data_gen.recipe IS 'Profile, number of orders and seed number of generated orders; null for a file.';
COMMENT ON COLUMN data_gen.row_count IS 'Rows that were seeded; generated order lines that follow are not among them.';
COMMENT ON COLUMN order_lines.position
IS 'Rank by order date, order id, order item id, from 1 without a gap; generated orders are added after the last.';
COMMENT ON COLUMN stream_control.history_until IS 'Null: 30 days before the last order line that was seeded.';

-- Up to now there was one profile, which was not named.
UPDATE data_gen
SET
    recipe = jsonb_build_object(
        'profile', 'dataco',
        'orders', substring(source FROM '^generated: (\d+) orders')::bigint,
        'seed', substring(source FROM 'seed (\d+)$')::bigint
    )
WHERE module = 'order_lines' AND source ~ '^generated: \d+ orders, seed \d+$';

-- The order producer adds a day of orders after the last one, by the products, customers and places that are seeded.
GRANT INSERT ON order_lines TO supply_chain_producer;
GRANT SELECT (product_id) ON products TO supply_chain_producer;
GRANT SELECT (customer_id, retailer_id) ON customers TO supply_chain_producer;
GRANT SELECT ON locations TO supply_chain_producer;
