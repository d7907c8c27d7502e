"""Airflow's side of the platform: operators and triggers around the domain library `supply_chain`."""
