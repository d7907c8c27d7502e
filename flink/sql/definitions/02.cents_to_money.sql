-- The compiled function that makes money of cents.
CREATE TEMPORARY FUNCTION cents_to_money AS 'io.supplychain.stream.CentsToMoney' LANGUAGE JAVA
