"""The dashboards in a real browser, as the viewer: all drawn, narrowed by filters, with the numbers of the source."""

from __future__ import annotations

import csv
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from supply_chain.dashboards import assets, links
from tests.browser import DashboardPage, chromium
from tests.waiting import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

DASHBOARDS = sorted(assets.read().dashboards)

SALES = "order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD')"
ARRIVED = "order_lines JOIN kafka_sent ON position <= last_position"
MONTH = f"{ARRIVED} WHERE order_date >= date_trunc('day', last_order_date AT TIME ZONE 'UTC') - interval '29 days'"
STOCK = (
    "inventory JOIN products USING (product_id) LEFT JOIN ("
    f"SELECT retailer_id, product_id, sum(quantity) AS sold FROM {ARRIVED} WHERE {SALES} GROUP BY 1, 2"
    ") AS sales USING (retailer_id, product_id)"
)
ON_HAND = "opening_quantity + received_quantity - coalesce(sold, 0)"

HEADLINES = [
    ("home", "Revenue ($)", f"SELECT sum(sales - discount) FROM {MONTH} AND {SALES}"),
    ("home", "Orders", f"SELECT count(DISTINCT order_id) FROM {MONTH} AND {SALES}"),
    ("home", "Late", f"SELECT avg((delivery_status = 'Late delivery')::int) FROM {MONTH}"),
    ("sales_performance", "Average order value ($)",
     f"SELECT sum(sales - discount) / count(DISTINCT order_id) FROM {ARRIVED} WHERE {SALES}"),
    ("sales_performance", "Units", f"SELECT sum(quantity) FROM {ARRIVED} WHERE {SALES}"),
    ("sales_performance", "Profit ($)", f"SELECT sum(profit) FROM {ARRIVED} WHERE {SALES}"),
    ("sales_performance", "Profit margin", f"SELECT sum(profit) / sum(sales - discount) FROM {ARRIVED} WHERE {SALES}"),
    ("delivery_performance", "On time", f"SELECT avg((delivery_status = 'Shipping on time')::int) FROM {ARRIVED}"),
    ("delivery_performance", "Delay in days",
     f"SELECT avg(real_shipping_days - scheduled_shipping_days) FROM {ARRIVED}"),
    ("inventory", "Stock value ($)", f"SELECT sum(greatest({ON_HAND}, 0) * product_price) FROM {STOCK}"),
    ("inventory", "Backorder", f"SELECT count(*) FROM {STOCK} WHERE {ON_HAND} < 0"),
    ("inventory", "Out of stock", f"SELECT count(*) FROM {STOCK} WHERE {ON_HAND} = 0"),
    ("live_orders", "Order lines so far", f"SELECT count(*) FROM {ARRIVED}"),
]  # fmt: skip

MAY_BE_EMPTY = {
    # Until 28 days of a forecast have come.
    "How right forecasts have been", "Worst forecasts", "Worst forecasts by product",
    # Until something is refused or broken.
    "Refused messages and rows", "Repairs",
}  # fmt: skip
"""Tables that a platform can have no row for, so that their place says that there is none."""


@pytest.fixture(scope="module")
def viewer(platform):
    """A browser in which the viewer is logged in."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1600, "height": 1000})
        page = context.new_page()
        DashboardPage(page, platform.settings).log_in()
        page.close()
        yield context


@pytest.fixture
def dashboards(platform, viewer):
    """Superset in a tab of its own."""
    page = viewer.new_page()
    yield DashboardPage(page, platform.settings)
    page.close()


@pytest.fixture(scope="module")
def standstill(platform):
    """No order arrives, and all that were sent are counted: numbers can be compared one after the other.

    It lasts from the first test that asks for it to the last of this file.
    """
    platform.airflow.trigger("order_stream", {"desired_state": "paused"})

    @eventually(120, every=1)
    def counted() -> None:
        ((state, sent),) = platform.query("SELECT state, last_position FROM kafka_sent")
        assert (state, platform.counted()) == ("paused", sent)

    counted()
    yield
    platform.airflow.trigger("order_stream", {"desired_state": "running"})

    @eventually(120, every=1)
    def flows_again() -> None:
        assert platform.query("SELECT state FROM kafka_sent") == [("live",)]

    flows_again()


def shown(number: str) -> tuple[float, float]:
    """The value of a number, and half a unit of its last digit."""
    digits = re.sub(r"[^\d.-]", "", number.replace("\N{MINUS SIGN}", "-"))
    scale = 0.01 if number.endswith("%") else 1
    decimals = len(digits.partition(".")[2])
    return float(digits) * scale, 0.5 * 10**-decimals * scale


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def workbook(path: Path) -> list[dict[str, str]]:
    """Return the rows of a workbook's only sheet, their cells by the titles in its first row."""
    with zipfile.ZipFile(path) as packed:
        texts = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", packed.read("xl/sharedStrings.xml").decode())
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    cell = re.compile(r'<c r="([A-Z]+)\d+"(?: s="\d+")?(?: t="(s)")?><v>([^<]*)</v>')
    titles, *rows = [
        {column: texts[int(value)] if kind else value for column, kind, value in cell.findall(row)}
        for row in re.findall(r"<row .*?</row>", sheet)
    ]
    return [{titles[column]: value for column, value in row.items()} for row in rows]


def all_drawn(dashboards: DashboardPage, name: str) -> None:
    expected = {chart.title for chart in assets.read().charts_of(name).values()}
    assert len(expected) > 3
    states = dashboards.charts()
    assert set(states) == expected
    missing = {title: state for title, state in states.items() if not state.is_drawn}
    empty = {title for title, state in missing.items() if "No results were returned" in " ".join(state.problems)}
    assert {title: state for title, state in missing.items() if title not in empty & MAY_BE_EMPTY} == {}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_chart_is_drawn_and_described(dashboards, name):
    dashboards.open(name)
    all_drawn(dashboards, name)
    page = dashboards.page
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("img[alt='Supply chain']").first.evaluate("logo => logo.complete && logo.naturalWidth > 0")
    assert page.get_by_text("Orders up to").first.is_visible()
    files = assets.read()
    for cell in [each for row in files.dashboards[name].rows for each in row.cells if each.chart]:
        chart = files.charts[files.full_name(name, cell.chart)]
        seen = page.locator(f"[data-test-chart-name={chart.title!r}] .slice_description")
        assert seen.is_visible(), chart.title
        assert seen.inner_text().strip() == chart.description.strip()


def test_the_head_of_a_number_says_what_it_counts(dashboards):
    dashboards.open("inventory")
    metrics = assets.read().datasets["stock"].metrics
    for metric in assets.read().charts["inventory/at_a_glance"].metrics():
        head = dashboards.page.locator(f"[data-test-chart-name='Stock at a glance'] th#header-{metric}").first
        assert head.get_attribute("title") == metrics[metric].description.strip()


def test_a_new_order_appears_by_itself(platform, dashboards):
    dashboards.open("live_orders")
    before, _ = shown(dashboards.numbers()["Order lines so far"])
    dashboards.page.evaluate("window.untouched = true")

    @eventually(30, every=1)
    def more() -> None:
        after, _ = shown(dashboards.numbers()["Order lines so far"])
        assert after > before

    more()
    all_drawn(dashboards, "live_orders")
    assert dashboards.page.evaluate("window.untouched")


def test_headlines_are_those_of_the_source(platform, dashboards, standstill):
    assert len(HEADLINES) >= 10
    numbers = {}
    for name in dict.fromkeys(name for name, _, _ in HEADLINES):
        dashboards.open(name)
        dashboards.refresh(name)
        numbers[name] = dashboards.numbers()
    for name, title, sql in HEADLINES:
        ((expected,),) = platform.query(sql)
        value, tolerance = shown(numbers[name][title])
        assert value == pytest.approx(float(expected), abs=1.01 * tolerance), (name, title)


def test_each_filter_narrows_what_it_says(platform, dashboards, standstill):
    ((market, state, category),) = platform.query(
        "SELECT mode() WITHIN GROUP (ORDER BY market), mode() WITHIN GROUP (ORDER BY retailer_state),"
        " mode() WITHIN GROUP (ORDER BY category_name) FROM dashboards.order_lines"
    )
    name = "sales_performance"
    dashboards.open(name)
    dashboards.refresh(name)
    whole = dashboards.numbers()["Revenue ($)"]
    tables = f"{ARRIVED} JOIN retailers USING (retailer_id) JOIN products USING (product_id)"
    for title, column, value in (
        ("Market", "market", market),
        ("US state", "retailer_state", state),
        ("Category", "category_name", category),
    ):
        dashboards.choose(name, title, value)
        all_drawn(dashboards, name)
        ((expected,),) = platform.query(
            f"SELECT sum(sales - discount) FROM {tables} WHERE {SALES} AND {column} = {quoted(value)}"
        )
        revenue = dashboards.numbers()["Revenue ($)"]
        assert revenue != whole
        assert shown(revenue)[0] == pytest.approx(float(expected), abs=1), (title, value)
        dashboards.clear(name)
    assert dashboards.numbers()["Revenue ($)"] == whole


URGENT = """
    SELECT product_id, retailer_id, quantity_on_hand, suggested_quantity, suggested_value FROM dashboards.to_order
    WHERE days_to_stock_out <= 14
    ORDER BY days_to_stock_out, quantity_on_hand, suggested_value DESC, product_id, retailer_id
"""
SHOWN_ROWS = """chart => {
    // The heads are a table of their own, which stands still while the rows are scrolled. While Superset measures the
    // columns, all rows stand a second time in a table that nobody sees.
    const heads = [...chart.querySelector('thead').querySelectorAll('th')].map(head => head.textContent.trim());
    return [...chart.querySelectorAll('tbody tr')].filter(row => row.checkVisibility({visibilityProperty: true}))
        .map(row => Object.fromEntries([...row.cells].map((cell, index) => [heads[index], cell.textContent.trim()])));
}"""


def test_the_viewer_finds_in_three_clicks_what_to_order_first_and_takes_it_along(platform, dashboards, standstill):
    page = dashboards.page
    dashboards.open("inventory")
    dashboards.refresh("inventory")
    page.evaluate("window.clicks = 0; addEventListener('click', () => window.clicks++, true)")
    # Nobody chooses more than the furthest day that there is.
    ((furthest,),) = platform.query("SELECT max(days_to_stock_out) FROM dashboards.stock")
    page.locator("[data-test=range-filter-to-input]").click()
    page.keyboard.type(str(min(14, furthest)))
    page.locator("[data-test=filter-bar__apply-button]").click()
    assert page.evaluate("window.clicks") == 2
    dashboards.settle("inventory")

    expected = platform.query(URGENT)
    assert len(expected) > 3
    columns = ("Product ID", "Store ID", "On hand", "Order (units)", "Value ($)")

    @eventually(10)
    def first_rows_are_shown() -> None:
        rows = page.locator("[data-test-chart-name='To order']").evaluate(SHOWN_ROWS)
        found = [tuple(float(row[column].replace(",", "")) for column in columns) for row in rows]
        assert found == [tuple(float(value) for value in row) for row in expected[:10]]
        assert all(row["Why"] for row in rows)

    first_rows_are_shown()
    worth = sum(row[-1] for row in expected)
    assert shown(dashboards.numbers()["Value to order ($)"])[0] == pytest.approx(float(worth), abs=0.5)

    wanted = [
        [str(product), str(store), str(quantity), float(value)] for product, store, _, quantity, value in expected
    ]
    with dashboards.download("To order", ".CSV").open(newline="", encoding="utf-8-sig") as file:
        downloads = [list(csv.DictReader(file)), workbook(dashboards.download("To order", "Excel"))]
    for taken in downloads:
        assert [
            [row["Product ID"], row["Store ID"], row["Order (units)"], float(row["Value ($)"])] for row in taken
        ] == wanted


def test_a_forecast_leads_to_its_charts(platform, dashboards):
    ((run_id, name, product, store),) = platform.query(
        "SELECT run_id, forecast, product_name, retailer FROM dashboards.newest_forecast"
        " JOIN dashboards.forecast_names USING (run_id) JOIN dashboards.demand USING (forecast)"
        " WHERE level = 'product_retailer' AND yhat > 0 ORDER BY yhat DESC LIMIT 1"
    )
    path = f"/api/v2/dags/forecast_demand/dagRuns/{run_id}/taskInstances/forecast/links"
    found = platform.airflow.call("GET", path)["extra_links"]["Forecast charts"]
    assert found.startswith(f"{platform.settings.superset_url}/superset/dashboard/demand-forecasting/?native_filters=")
    chosen = {"forecast": [name], "product_name": [product], "retailer": [store]}
    for address in (found, links.filtered(platform.settings, "demand_forecasting", chosen)):
        dashboards.open("demand_forecasting", address)
        all_drawn(dashboards, "demand_forecasting")
        bar = dashboards.page.locator("[data-test=filter-bar]").inner_text()
        assert name in bar
    assert product in bar
    assert store in bar


def test_a_forecast_opens_from_everything_down_to_a_product_in_a_store(platform, dashboards):
    name = "demand_forecasting"
    ((product, store),) = platform.query(
        "SELECT product_name, retailer FROM dashboards.demand WHERE forecast = 'Newest baseline'"
        " AND level = 'product_retailer' AND yhat IS NOT NULL GROUP BY 1, 2 ORDER BY sum(yhat) DESC LIMIT 1"
    )
    of_product = f"product_name = {quoted(product)}"
    of_store = f"retailer = {quoted(store)}"

    def check(where: str) -> None:
        """Compare what is drawn, by its download, with the level that has one series for it, and so its bounds."""
        expected = platform.query(
            "SELECT ds::text, round(yhat::numeric, 1)::float, p10, p90 FROM dashboards.demand"
            f" WHERE forecast = 'Newest baseline' AND yhat IS NOT NULL AND {where} ORDER BY ds"
        )
        assert len(expected) == 70
        with dashboards.download("Demand and forecast", ".CSV").open(newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["Forecast"]]
        found = [(row["Day"][:10], *(float(row[title]) for title in ("Forecast", "Low", "High"))) for row in rows]
        assert found == expected

    dashboards.open(name)
    check("level = 'total'")
    cell = dashboards.page.locator("[data-test-chart-name='Expected demand by product'] td", has_text=product)
    dashboards.act(cell.locator("visible=true").first, name)
    check(f"level = 'product' AND {of_product}")
    dashboards.choose(name, "Store", store)
    check(f"level = 'product_retailer' AND {of_product} AND {of_store}")


def test_the_viewer_finds_no_way_to_edit_or_to_ask_sql(platform, dashboards):
    dashboards.open("home")
    page = dashboards.page
    assert page.locator("[data-test=edit-dashboard-button]").count() == 0
    assert page.get_by_text("SQL").count() == 0
    page.goto(f"{platform.settings.superset_url}/sqllab/")
    page.wait_for_load_state("networkidle")
    assert page.locator(".ace_editor").count() == 0
    page.goto(f"{platform.settings.superset_url}/dashboard/list/")
    page.get_by_text("Home", exact=True).first.wait_for(timeout=30_000)
    assert page.get_by_role("button", name="Bulk select").count() == 0
