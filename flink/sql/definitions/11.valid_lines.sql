-- The order lines among the messages, with the block of ids in which each is looked up (CountOnce.BLOCK_SIZE).
CREATE TEMPORARY VIEW valid_lines AS
SELECT
    *,
    order_item_id / 64 AS id_block
FROM read_messages
WHERE reason IS NULL
