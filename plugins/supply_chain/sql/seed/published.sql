-- Which source is published: its name and checksum, and the recipe of generated orders.
SELECT
    source,
    checksum,
    recipe
FROM data_gen
WHERE module = 'order_lines'
