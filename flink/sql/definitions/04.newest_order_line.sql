-- The compiled function that finds the order line with the highest offset.
CREATE TEMPORARY FUNCTION newest_order_line AS 'io.supplychain.stream.NewestOrderLine' LANGUAGE JAVA
