-- Which source is published: its name and checksum.
SELECT
    source,
    checksum
FROM data_gen
WHERE module = 'order_lines'
