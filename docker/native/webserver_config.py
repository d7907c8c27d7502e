"""What the login pages of Airflow are configured with beyond Airflow's own options."""

from __future__ import annotations

from supply_chain.settings import load_settings

SESSION_COOKIE_NAME = load_settings().session_cookie("airflow")
