"""How long a reader waits for a dashboard, and how well the live one keeps up: in a browser, on the whole platform."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import sync_playwright

from supply_chain.airflow_api import AirflowApi
from supply_chain.dashboards import assets
from supply_chain.dashboards.superset_api import SupersetApi
from supply_chain.database import Role, connect
from supply_chain.supervisor import Supervisor
from tests.browser import FLAGS, DashboardPage, program
from tests.servers import demonstrated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import BrowserContext

    from supply_chain.settings import Settings

WINDOW = {"width": 1600, "height": 1000}
READERS_OWN = "--disable-blink-features=AutomationControlled"
"""In a browser that a program drives, Superset draws charts out of view too; in a reader's own it does not."""

EMPTY = "Nothing stands here."
WARM_LOADS = 11
LIVE_RATE = 20
LIVE_SECONDS = 300
SETTLING_SECONDS = 60
"""After which the live page has all that it keeps for a while: the time limits of its requests last for a minute."""

TOP_LINE = "() => Number(document.querySelector('table tbody tr td:nth-child(3)')?.textContent)"

PRODUCED_AFTER = """
    SELECT extract(epoch FROM min(newer.produced_at)) FROM recent_orders AS newer
    WHERE newer.produced_at > (SELECT produced_at FROM recent_orders WHERE order_item_id = %s)
"""
"""When the first order line was produced that the page did not have yet."""


@dataclass(frozen=True)
class Loads:
    """Seconds until all charts in the window stand: with empty caches, and the next times."""

    title: str
    charts: int
    cold: float
    warm: float


@dataclass(frozen=True)
class Live:
    """How the live page did: seconds from an order line's production until it was on the page, and what memory grew by.

    Attributes:
        growth_of_page: of what is in use in the browser's heap, after a collection.
        growth_of_server: of the memory of Superset's processes.
    """

    seen: int
    median_seconds: float
    longest_seconds: float
    growth_of_page: float
    growth_of_server: float


@contextmanager
def platform() -> Iterator[Settings]:
    """Run the whole platform as `make demo` leaves it, with orders left to arrive for long enough."""
    with demonstrated(HISTORY_UNTIL="2017-07-01") as (settings, demo):
        demo.check_returncode()
        yield settings


@contextmanager
def reader(settings: Settings, user: str = "viewer") -> Iterator[DashboardPage]:
    """Open a browser with a profile of its own, a user logged in."""
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=program(), args=[*FLAGS, READERS_OWN], viewport=WINDOW
        )
        dashboards = DashboardPage(context.pages[0], settings)
        dashboards.log_in(user)
        yield dashboards
        context.close()


def loads(settings: Settings) -> Iterator[Loads]:
    """Open a dashboard of one line of text, as a yardstick, and then every dashboard, cold and warm."""
    with empty_dashboard(settings) as address:
        # Superset shows viewers no dashboard without a chart.
        yield _loads(settings, "Empty", 0, lambda dashboards: _open_empty(dashboards, address), "admin")
    for name, dashboard in assets.read().dashboards.items():
        charts = len(list(dashboard.chart_names()))
        yield _loads(settings, dashboard.title, charts, partial(DashboardPage.open, name=name, in_view=True))


def _loads(
    settings: Settings, title: str, charts: int, load: Callable[[DashboardPage], float], user: str = "viewer"
) -> Loads:
    with reader(settings, user) as dashboards:
        dashboards.settle("home", in_view=True)
        for kept in (settings.state_dir / "superset" / "data_cache").iterdir():
            kept.unlink(missing_ok=True)
        cold = load(dashboards)
        warm = []
        for _ in range(WARM_LOADS):
            # What comes after the charts in view belongs to the load before.
            dashboards.page.wait_for_load_state("networkidle")
            warm.append(load(dashboards))
    return Loads(title, charts, cold, statistics.median(warm))


@contextmanager
def empty_dashboard(settings: Settings) -> Iterator[str]:
    """Have a dashboard without a chart in Superset, with a line of text in it, and name its address."""
    superset = SupersetApi(settings)
    places = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": ["ROW-0"], "parents": ["ROOT_ID"]},
        "ROW-0": {
            "type": "ROW", "id": "ROW-0", "children": ["MARKDOWN-0"], "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        },
        "MARKDOWN-0": {
            "type": "MARKDOWN", "id": "MARKDOWN-0", "children": [], "parents": ["ROOT_ID", "GRID_ID", "ROW-0"],
            "meta": {"width": 12, "height": 8, "code": EMPTY},
        },
    }  # fmt: skip
    made = superset.call(
        "POST",
        "dashboard/",
        json={"dashboard_title": "Empty", "published": True, "position_json": json.dumps(places)},
    )
    try:
        yield f"{settings.superset_url}/superset/dashboard/{made['id']}/"
    finally:
        superset.delete(f"dashboard/{made['id']}")


def _open_empty(dashboards: DashboardPage, address: str) -> float:
    started = time.monotonic()
    dashboards.page.goto(address, wait_until="commit")
    dashboards.page.get_by_text(EMPTY).wait_for()
    return time.monotonic() - started


def live(settings: Settings) -> Live:
    """Watch the live page for five minutes at a higher rate."""
    AirflowApi(settings).trigger("order_stream", {"desired_state": "running", "replay_rate": LIVE_RATE})
    with reader(settings) as dashboards:
        dashboards.open("live_orders")
        page = dashboards.page
        page.wait_for_timeout(SETTLING_SECONDS * 1000)
        before = _heap(page.context), _memory(settings)
        delays = _watch(dashboards, settings)
        after = _heap(page.context), _memory(settings)
    page_growth, server_growth = (then / first - 1 for first, then in zip(before, after, strict=True))
    return Live(len(delays), statistics.median(delays), max(delays), page_growth, server_growth)


def _watch(dashboards: DashboardPage, settings: Settings) -> list[float]:
    """Return, for each change of the page, how old the first order line was that it had not shown before."""
    delays = []
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        shown = dashboards.page.evaluate(TOP_LINE)
        end = time.monotonic() + LIVE_SECONDS
        while time.monotonic() < end:
            dashboards.page.wait_for_timeout(50)
            newest = dashboards.page.evaluate(TOP_LINE)
            if newest != shown and newest:
                now = time.time()
                cursor.execute(PRODUCED_AFTER, (shown,))
                (produced,) = cursor.fetchone()
                delays.append(now - float(produced))
                shown = newest
    return delays


def _heap(context: BrowserContext) -> float:
    session = context.new_cdp_session(context.pages[0])
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return metrics["JSHeapUsedSize"]


def _memory(settings: Settings) -> float:
    process = psutil.Process(Supervisor(settings).states()["superset"]["pid"])
    return sum(each.memory_full_info().uss for each in [process, *process.children(recursive=True)])
