-- Every message of the topic, read once: an order line, or the reason why it is none.
CREATE TEMPORARY VIEW read_messages AS
SELECT *
FROM parse_order_line(received => TABLE orders_topic, uid => 'parse-order-line')  -- noqa: PRS
