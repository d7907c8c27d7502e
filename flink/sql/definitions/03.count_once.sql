-- The compiled function that tells whether an order line was counted before.
CREATE TEMPORARY FUNCTION count_once AS 'io.supplychain.stream.CountOnce' LANGUAGE JAVA
