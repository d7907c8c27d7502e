-- Every row of the stock, with what its columns are made of.
SELECT
    inventory.retailer_id,
    inventory.product_id,
    inventory.opening_quantity,
    inventory.received_quantity,
    inventory.sold_quantity,
    inventory.quantity_on_hand
FROM inventory
