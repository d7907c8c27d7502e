-- Days that shipping took, summed over the order lines of each pair before the cutoff. The measured time is that of
-- shipping to customers: the data knows no suppliers, so it stands in for theirs.
SELECT
    retailer_id,
    product_id,
    sum(order_lines)::bigint AS order_lines,
    sum(sum_real_shipping_days)::bigint AS shipping_days
FROM daily_aggregates
WHERE ds < %(cutoff)s AND order_status <> all(%(excluded_statuses)s)
GROUP BY retailer_id, product_id
