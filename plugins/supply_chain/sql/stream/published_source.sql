-- Which source's order lines are published for replay.
SELECT
    source,
    checksum,
    row_count
FROM data_gen
WHERE module = 'order_lines'
