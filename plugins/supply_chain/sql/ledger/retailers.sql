-- The ids that order lines may refer to: retailers.
SELECT retailer_id FROM retailers
