-- The ids that order lines may refer to: customers.
SELECT customer_id FROM customers
