-- Order lines, each with whether its id was counted before.
CREATE TEMPORARY VIEW looked_up_lines AS
SELECT *
FROM count_once(line => TABLE valid_lines PARTITION BY id_block, uid => 'count-once')  -- noqa: PRS
