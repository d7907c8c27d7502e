-- What was staged.
SELECT
    source,
    checksum,
    row_count,
    rejected_count
FROM staging.run
