-- How many orders are due and not received.
SELECT count(*) AS lines
FROM replenishment_plan
WHERE receipt_day <= %(day)s AND received_at IS NULL
