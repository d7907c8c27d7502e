-- The rows of this source that were not taken, also where it is not published in the end.
INSERT INTO rejected_rows (source_checksum, row_number, reason, column_name, column_value, detail, raw_row)
SELECT
    %(checksum)s AS source_checksum,
    row_number,
    reason,
    column_name,
    column_value,
    detail,
    raw_row
FROM staging.rejections
ON CONFLICT (source_checksum, row_number) DO NOTHING
