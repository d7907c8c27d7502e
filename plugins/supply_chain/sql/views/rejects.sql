-- How many messages and rows of the source were refused, by reason; also none.
CREATE VIEW dashboards.rejects AS
WITH reasons (kind, reason) AS (
    VALUES
    ('message', 'null_value'),
    ('message', 'too_large'),
    ('message', 'wrong_encoding'),
    ('message', 'not_json'),
    ('message', 'missing_field'),
    ('message', 'wrong_type'),
    ('message', 'quantity_not_positive'),
    ('message', 'out_of_range'),
    ('message', 'unknown_value'),
    ('message', 'bad_date'),
    ('message', 'unknown_product'),
    ('message', 'unknown_retailer'),
    ('message', 'unknown_customer'),
    ('message', 'repeated_order_item_id'),
    ('row of the source', 'wrong_column_count'),
    ('row of the source', 'wrong_encoding'),
    ('row of the source', 'missing_value'),
    ('row of the source', 'not_a_number'),
    ('row of the source', 'not_a_whole_number'),
    ('row of the source', 'out_of_range'),
    ('row of the source', 'unknown_value'),
    ('row of the source', 'text_too_long'),
    ('row of the source', 'bad_date'),
    ('row of the source', 'contradiction'),
    ('row of the source', 'repeated_order_item_id')
),

refused AS (
    SELECT
        'message' AS kind,
        reason,
        rejected_at
    FROM rejected_events
    UNION ALL
    SELECT
        'row of the source' AS kind,
        reason,
        rejected_at
    FROM rejected_rows
)

SELECT
    reasons.kind,
    reasons.reason,
    count(refused.reason) AS refused,
    max(refused.rejected_at) AS last_refused_at
FROM reasons
LEFT JOIN refused ON reasons.kind = refused.kind AND reasons.reason = refused.reason
GROUP BY reasons.kind, reasons.reason;
COMMENT ON VIEW dashboards.rejects IS 'How many messages and rows of the source were refused, by reason; also none.';
