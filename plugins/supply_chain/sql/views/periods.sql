-- Periods counted back from the newest day of the data: names to choose from.
CREATE VIEW dashboards.periods AS
SELECT
    period.period,
    period.first_days_ago
FROM (
    VALUES
    ('Last 30 days of data', 0),
    ('31 to 90 days back', 30),
    ('91 to 365 days back', 90),
    ('More than 365 days back', 365)
) AS period (period, first_days_ago);
COMMENT ON VIEW dashboards.periods IS 'Periods counted back from the newest day of the data: names to choose from.';
