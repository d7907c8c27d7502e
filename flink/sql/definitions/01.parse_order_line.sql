-- The compiled function that reads one message: an order line, or why it is none.
CREATE TEMPORARY FUNCTION parse_order_line AS 'io.supplychain.stream.ParseOrderLine' LANGUAGE JAVA
