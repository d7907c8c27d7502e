-- The order lines that count.
CREATE TEMPORARY VIEW order_lines AS
SELECT *
FROM looked_up_lines
WHERE NOT repeated
