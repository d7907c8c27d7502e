"""A real browser, and a dashboard's page in it as a reader sees it."""

from __future__ import annotations

import contextlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import sync_playwright

from supply_chain.dashboards import assets
from supply_chain.dashboards.bundle import filter_id
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from supply_chain.settings import Settings

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip

DRAWN = "canvas, .datamap path, table tbody tr, [role=row]"
LOADING = "[data-test=loading-indicator], .loading"
PROBLEMS = "[role=alert], .ant-alert-error, .ant-empty, .missing-chart-container"

CHARTS = f"""() => [...document.querySelectorAll('.dashboard-chart')].map(chart => {{
    const holder = chart.closest('[data-test=dashboard-component-chart-holder]');
    const texts = selector => [...holder.querySelectorAll(selector)].map(each => each.textContent.trim());
    return {{
        title: texts('[data-test=editable-title]')[0] ?? '',
        loading: texts('{LOADING}').length > 0,
        // What an empty place says stands beside its picture.
        problems: [...holder.querySelectorAll('{PROBLEMS}')].map(
            each => (each.matches('.ant-empty') ? chart : each).textContent.trim()
        ),
        drawn: texts('{DRAWN}').length,
        row: Object.fromEntries(texts('thead th').map((title, index) => [title, texts('tbody td')[index] ?? ''])),
    }};
}})"""

SETTLED = f"""([count, inView]) => {{
    const onPage = [...document.querySelectorAll('.dashboard-chart')].filter(chart => chart.getClientRects().length);
    const stands = chart => !chart.querySelector('{LOADING}') && chart.querySelector('{DRAWN}, {PROBLEMS}');
    const seen = onPage.filter(chart => chart.getBoundingClientRect().top < innerHeight);
    return inView ? seen.length > 1 && seen.every(stands) : onPage.length === count && onPage.every(stands);
}}"""


def program() -> str:
    """Return the browser's path.

    Raises:
        AssertionError: there is none on this machine.
    """
    found = [path for path in map(shutil.which, ("chromium", "google-chrome")) if path]
    # One that is a snap sees neither the tests' files nor its own profile.
    usable = [path for path in found if Path(path).resolve().name != "snap" and not _starts_a_snap(Path(path))]
    assert usable, "no browser: install chromium, or Google Chrome where chromium is a snap"
    return usable[0]


def _starts_a_snap(program: Path) -> bool:
    with program.open("rb") as file:
        return b"/snap/bin/" in file.read(2000)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser; by its name Superset knows that it has no window, and draws charts out of view too."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class ChartState:
    """How a chart stands on the page.

    Attributes:
        problems: errors, and what stands in place of a picture without data.
        drawn: how many pictures and rows there are.
        row: a table's first row by the titles of its columns, as it is written.
    """

    title: str
    loading: bool
    problems: list[str]
    drawn: int
    row: dict[str, str]

    @property
    def is_drawn(self) -> bool:
        """Whether it shows what it is meant to."""
        return not self.loading and not self.problems and self.drawn > 0


PATIENCE_MS = 60_000
"""How long a busy machine may take over a page."""


class DashboardPage:
    """Superset in a tab of a browser."""

    def __init__(self, page: Page, settings: Settings) -> None:
        self.page = page
        self._settings = settings
        self._dashboards = assets.read().dashboards
        page.set_default_timeout(PATIENCE_MS)

    def log_in(self, user: str = "viewer") -> None:
        """Log in, as people do."""
        self.page.goto(f"{self._settings.superset_url}/login/")
        self.page.wait_for_load_state("networkidle")
        typed = {"#username": user, "#password": self._settings.password_of(user)}

        # The form is drawn more than once, and each time it forgets what a program has typed faster than people can.
        @eventually(PATIENCE_MS / 1000)
        def typed_and_kept() -> None:
            for field, text in typed.items():
                self.page.fill(field, text)
            self.page.wait_for_timeout(500)
            assert {field: self.page.input_value(field) for field in typed} == typed

        typed_and_kept()
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def open(self, name: str, address: str | None = None, *, in_view: bool = False) -> float:
        """Open a dashboard by its folder's name, and wait until its charts stand.

        Args:
            name: the folder.
            address: with filters chosen; else its plain one.
            in_view: wait for those only that a reader sees without scrolling.

        Returns:
            The seconds that it took.
        """
        started = time.monotonic()
        self.page.goto(address or self._address(name), wait_until="commit")
        self.settle(name, in_view=in_view)
        return time.monotonic() - started

    def settle(self, name: str, *, in_view: bool = False) -> None:
        """Wait until every chart of a dashboard stands, in each of its tabs; the first one is open in the end.

        Raises:
            AssertionError: it takes longer than a minute; the message has what is still loading.
        """
        if in_view:
            self._wait(name, 0, in_view=True)
            return
        for _ in self._each_tab(name):
            pass

    def tabs(self, name: str) -> Iterator[str]:
        """Open a dashboard, and go through its tabs, each once its charts stand: their titles, or one empty one."""
        self.page.goto(self._address(name), wait_until="commit")
        yield from self._each_tab(name)

    def _each_tab(self, name: str) -> Iterator[str]:
        dashboard = self._dashboards[name]
        always = len(list(assets.charts_in(dashboard.rows)))
        if not dashboard.tabs:
            self._wait(name, always, in_view=False)
            yield ""
        for tab in reversed(dashboard.tabs):
            # On a phone the tabs that have no room are scrolled to; the browser's own click would not do that.
            self.page.locator("[role=tab]", has_text=tab.title).evaluate("tab => tab.click()")
            self._wait(name, always + len(list(assets.charts_in(tab.rows))), in_view=False)
            yield tab.title

    def _address(self, name: str) -> str:
        return f"{self._settings.superset_url}/superset/dashboard/{self._dashboards[name].slug}/"

    def _wait(self, name: str, count: int, *, in_view: bool) -> None:
        try:
            self.page.wait_for_function(SETTLED, arg=[count, in_view], timeout=PATIENCE_MS, polling=50)
        except PlaywrightTimeoutError:
            states = self.charts()
            waiting = [title for title, state in states.items() if not state.is_drawn]
            raise AssertionError(f"{name}: {len(states)} of {count} charts, still loading: {waiting}") from None

    def charts(self) -> dict[str, ChartState]:
        """Return how each chart stands, by title."""
        return {found["title"]: ChartState(**found) for found in self.page.evaluate(CHARTS)}

    def numbers(self) -> dict[str, str]:
        """Return the numbers of the page's head by their titles, as they are written."""
        rows = [state.row for title, state in self.charts().items() if title.endswith("at a glance")]
        return {title: number for row in rows for title, number in row.items()}

    def refresh(self, name: str) -> None:
        """Have all charts asked again, past the cache, as the button in the page's head does."""
        self.act(self.page.locator("[data-test=refresh-button]"), name)

    def choose(self, name: str, title: str, value: str) -> None:
        """Choose a value in a filter, and apply it."""
        (chosen,) = [each for each in self._dashboards[name].filters if each.title == title]
        self.page.locator(f"#{filter_id(name, chosen)}").click()
        self.page.keyboard.type(value)
        self.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").get_by_title(
            value, exact=True
        ).first.click()
        self.page.keyboard.press("Escape")
        self.act(self.page.locator("[data-test=filter-bar__apply-button]"), name)

    def download(self, title: str, kind: str) -> Path:
        """Take a chart's rows along by its menu, and return the file.

        Args:
            title: of the chart.
            kind: what the menu calls it: `.CSV` or `Excel`.
        """
        self.page.locator(f"[data-test-chart-name='{title}'] [aria-label='More Options']").first.click()
        self.page.locator(".ant-dropdown-menu-submenu-title", has_text="Download").hover()
        with self.page.expect_download() as started:
            self.page.locator(".ant-dropdown-menu-item", has_text=f"Export to {kind}").click()
        return started.value.path()

    def clear(self, name: str) -> None:
        """Take back what was chosen in all filters."""
        self.act(self.page.locator("[data-test=filter-bar__clear-button]"), name)

    def act(self, place: Locator, name: str) -> None:
        """Click where that has charts ask again, and wait until they stand."""
        with self.page.expect_response(lambda answer: "/api/v1/chart/data" in answer.url, timeout=30_000):
            place.click()
        self.settle(name)

    def picture(self, path: Path) -> None:
        """Take a picture of the window, once what moves on it has come to rest."""
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=path)
