-- The modules that are done, with their rows.
SELECT
    module,
    row_count
FROM data_gen
ORDER BY module
