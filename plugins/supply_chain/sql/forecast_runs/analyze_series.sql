-- Count values at once: queries of the run that was just published would be planned for a handful of rows.
ANALYZE forecast_series
