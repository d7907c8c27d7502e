-- Which days are in the data, and the first one of which order lines may still be on their way.
SELECT
    first_day,
    last_day,
    complete_until
FROM received_days
