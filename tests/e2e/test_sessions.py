"""Airflow and the dashboards are on one host: who is logged in to both stays so."""

from __future__ import annotations

import re

import pytest
import requests

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


def log_in(browser: requests.Session, address: str, user: str, password: str) -> None:
    """Fill in and send a login form, as a browser with its cookies."""
    form = browser.get(address, timeout=60)
    form.raise_for_status()
    (token,) = set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', form.text))
    values = {"csrf_token": token, "username": user, "password": password}
    browser.post(address, data=values, timeout=60).raise_for_status()


def test_logging_in_to_one_application_leaves_the_other(platform):
    settings, browser = platform.settings, requests.Session()
    me, dags = f"{settings.superset_url}/api/v1/me/", f"{settings.airflow_url}/api/v2/dags"
    password = settings.password_of("viewer")
    log_in(browser, f"{settings.superset_url}/login/", "viewer", password)
    log_in(browser, f"{settings.airflow_url}/auth/login/", "viewer", password)
    for _ in range(2):
        for address in (me, dags):
            assert browser.get(address, timeout=60).status_code == 200, address
    names = {settings.session_cookie(application) for application in ("airflow", "superset")}
    assert names < set(browser.cookies.keys())
    assert "session" not in browser.cookies
