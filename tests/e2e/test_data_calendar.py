"""Forecasts and plans follow the data's calendar: complete days are announced, and what is due is made by itself."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from supply_chain.settings_file import store
from tests.browser import DashboardPage, chromium
from tests.servers import environment
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.conftest import Platform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

NEWEST_FORECAST = """
    SELECT run_id, cutoff, triggered_by FROM forecast_runs
    WHERE status = 'complete' AND is_baseline ORDER BY cutoff DESC, finished_at DESC LIMIT 1
"""


@contextmanager
def due_every_day(platform: Platform) -> Iterator[None]:
    """Have a forecast and a plan due with each complete day, as long as it lasts: every process reads the file anew."""
    file = Path(environment(platform.settings)["ENV_FILE"])
    names = ("PLAN_EVERY_DAYS", "FORECAST_EVERY_DAYS")
    store(file, dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        store(file, {name: str(getattr(platform.settings, name.lower())) for name in names})


def test_what_is_due_is_forecast_and_planned_without_anybody(platform):
    ((before, first_cutoff, _),) = platform.query(NEWEST_FORECAST)

    @eventually(420, every=2)
    def forecast_and_planned() -> None:
        ((run_id, cutoff, triggered_by),) = platform.query(NEWEST_FORECAST)
        assert run_id != before
        assert cutoff > first_cutoff
        assert triggered_by == "forecast_demand, asset_triggered"
        ((plan_day, by),) = platform.query(
            "SELECT plan_day, forecast_run_id FROM replenishment_runs WHERE status = 'complete'"
            " AND triggered_by = 'asset_triggered' ORDER BY finished_at DESC LIMIT 1"
        )
        assert plan_day >= cutoff
        assert by == run_id

    with due_every_day(platform):
        forecast_and_planned()


def test_home_says_how_old_forecast_and_plan_are(platform):
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        home = DashboardPage(page, platform.settings)
        home.log_in()
        home.open("home")
        line = page.locator("p.freshness", has_text="Orders up to").inner_text()
    ((plan_day, forecast_from, is_stale),) = platform.query(
        "SELECT plan_day, forecast_from, is_stale FROM dashboards.freshness"
    )
    assert f"forecast from {forecast_from} (" in line
    assert f"plan of {plan_day}" in line
    assert ("⚠" in line) == is_stale
