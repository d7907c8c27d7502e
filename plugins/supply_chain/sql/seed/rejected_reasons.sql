-- How many rows were not taken for which reason, the most frequent first.
SELECT
    reason,
    count(*) AS row_count
FROM staging.rejections
GROUP BY reason
ORDER BY row_count DESC, reason ASC
