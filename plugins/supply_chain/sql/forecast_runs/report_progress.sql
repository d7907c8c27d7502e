-- How many series of a running forecast are done.
UPDATE forecast_runs SET series_done = %(done)s, series_total = %(total)s
WHERE run_id = %(run_id)s AND status = 'running'
