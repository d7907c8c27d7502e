-- What every store sold of every product: order lines whose status takes stock.
INSERT INTO inventory
SELECT
    retailer_id,
    product_id,
    SUM(quantity) AS sold_quantity
FROM order_lines
WHERE order_status NOT IN (${no_demand})
GROUP BY retailer_id, product_id
