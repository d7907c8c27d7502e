"""The files of `superset/assets` against one another and against the schema, without any server."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import jinja2
import pytest
import sqlglot
import yaml
from sqlglot import exp

from supply_chain.dashboards import assets, bundle, colours, links
from supply_chain.orders.catalogue import MARKETS, SEGMENTS
from supply_chain.orders.event import NO_DEMAND
from supply_chain.servers.views import definitions
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from supply_chain.settings import Settings

PAGES_SCRIPT = REPOSITORY / "superset" / "static" / "pages.js"
DASHBOARDS = {
    "home", "inventory", "demand_forecasting", "delivery_performance", "sales_performance", "live_orders",
    "pipeline_health",
}  # fmt: skip


@pytest.fixture(scope="module")
def files() -> assets.Assets:
    return assets.read()


def created_views() -> dict[str, exp.Create]:
    """Every view of the schema of the dashboards, without its comments."""
    statements = {
        name: re.search(r"^CREATE VIEW [\s\S]+?;$", text, re.MULTILINE) for name, text in definitions().items()
    }
    return {name: sqlglot.parse_one(found[0].rstrip(";"), dialect="postgres") for name, found in statements.items()}


def wrong_columns(files: assets.Assets) -> Iterator[str]:
    """Say which file names a column that the schema does not have."""
    views = {name: set(view.expression.named_selects) for name, view in created_views().items()}
    for name, dataset in files.datasets.items():
        for column in sorted(set(dataset.columns) - views.get(dataset.view, set())):
            yield f"datasets/{name}.yaml: {dataset.view} has no column {column}"
        for metric, definition in dataset.metrics.items():
            for column in sorted(columns_of(definition.sql) - views.get(dataset.view, set())):
                yield f"datasets/{name}.yaml: metric {metric}: {dataset.view} has no column {column}"
    for name, chart in files.charts.items():
        known = set(files.datasets[chart.dataset].columns)
        for column in sorted(columns_of(condition(chart)) - known):
            yield f"{name}.yaml: where: {chart.dataset} has no column {column}"
        ordered = re.findall(r'\["(\w+)", (?:true|false)\]', " ".join(chart.params.get("order_by_cols") or []))
        for column in sorted(set(ordered) - known):
            yield f"{name}.yaml: order_by_cols: {chart.dataset} has no column {column}"


def condition(chart: assets.Chart, **chosen: list[str]) -> str:
    """Return a chart's condition as Superset has it with values chosen in filters, by the column that each is of."""
    return jinja2.Template(chart.where or "true").render(filter_values=lambda column: chosen.get(column, []))


def columns_of(expression: str) -> set[str]:
    return {column.name for column in sqlglot.parse_one(expression, dialect="postgres").find_all(exp.Column)}


def test_the_files_agree_with_one_another(files: assets.Assets) -> None:
    assert set(files.dashboards) == DASHBOARDS
    assert len(files.charts) > 50
    assets.check(files)


def test_every_column_is_in_the_schema(files: assets.Assets) -> None:
    assert {dataset.view for dataset in files.datasets.values()} <= set(created_views())
    assert list(wrong_columns(files)) == []


@pytest.mark.parametrize("dashboard", sorted(DASHBOARDS))
def test_every_dashboard_says_how_fresh_it_is_and_can_be_narrowed(files: assets.Assets, dashboard: str) -> None:
    page = files.dashboards[dashboard]
    line = page.rows[0].cells[0].text
    assert line == "How fresh the numbers are …"
    assert f"const HOLDER = '{line.removesuffix(' …')}';" in PAGES_SCRIPT.read_text()
    assert f"const CHART = '{files.charts['everywhere/freshness'].title}';" in PAGES_SCRIPT.read_text()
    assert page.filters
    assert len({each.title for each in page.filters}) == len(page.filters)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(assets.ASSETS, tmp_path / "assets")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_wrong_column_of_a_chart_is_told_with_its_file(folder: Path) -> None:
    change(folder / "everywhere" / "to_order.yaml", "reorder_point", "reorder_weeks")
    with pytest.raises(assets.AssetError, match=r"everywhere/to_order.yaml: to_order has no column reorder_weeks"):
        assets.check(assets.read(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("datasets/stock.yaml", "stock_status: TEXT", "stock_mood: TEXT", "stock has no column stock_mood"),
        ("datasets/stock.yaml", "sum(stock_value)", "sum(worth)", "metric stock_value: stock has no column worth"),
        ("home/sales_at_a_glance.yaml", "days_ago < 60", "weeks_ago < 8", "where: order_lines has no column weeks_ago"),
        ("live_orders/latest.yaml", '["produced_at",', '["made",', "order_by_cols: live_orders has no column made"),
    ],
)  # fmt: skip
def test_what_the_schema_does_not_have_is_told_with_its_file(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    assert f"{file}: {told}" in list(wrong_columns(assets.read(folder)))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("home/revenue_by_day.yaml", "[revenue]", "[turnover]", "order_lines has no metric turnover"),
        ("home/revenue_by_day.yaml", "dataset: order_lines", "dataset: orders", "there is no dataset orders"),
        ("home/dashboard.yaml", "{chart: revenue_by_day,", "{chart: revenues,", "there is no chart revenues"),
        ("home/dashboard.yaml", "{chart: demand_ahead,", "{chart: to_order,", "it shows to_order more than once"),
        ("home/dashboard.yaml", "{chart: stock_at_a_glance, width: 5}", "{chart: stock_at_a_glance, width: 9}",
         "row 3 is 16 wide"),
        ("home/dashboard.yaml", "{chart: demand_ahead,", "{chart: to_order,", "more than one chart is called To order"),
        ("inventory/dashboard.yaml", "title: Ahead", "title: In stock", "more than one tab is called In stock"),
        ("home/dashboard.yaml", "column: market", "column: planet", "the filter Market has no column"),
        ("demand_forecasting/dashboard.yaml", "sorted_by: recency", "sorted_by: age",
         "the filter Forecast is sorted by age"),
        ("everywhere/to_order.yaml", "widths: {why:", "widths: {how:", "widths: it does not show how"),
        ("pipeline_health/at_a_glance.yaml", "  lag: {", "  lags: {", "thresholds: it does not show lags"),
        ("datasets/demand.yaml", "time_column: ds", "time_column: day", "there is no column day"),
        ("datasets/order_lines.yaml", "Revenue ($)", "Revenue", "the metric revenue is money"),
        ("inventory/stock_status.yaml", "metrics: [stocks]", "metrics: [stocks]\n  groupby: [stock_status]",
         "groupby: stock_status is the x_axis already"),
        ("home/dashboard.yaml", "column: market", "column: market, sorted_by: x", "the filter Market is sorted by"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_told_with_its_file(
    folder: Path, file: str, old: str, new: str, told: str
) -> None:
    change(folder / file, old, new)
    with pytest.raises(assets.AssetError, match=re.escape(f"{file}: {told}")):
        assets.check(assets.read(folder))


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("home/revenue_by_day.yaml", "title: [", ""),
        ("home/revenue_by_day.yaml", "title: Revenue\n", "viz_type: Field required"),
        ("datasets/stock.yaml", "view: stock\ncolor: red\n", "color: Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_told_by_name(folder: Path, file: str, text: str, told: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(assets.AssetError, match=re.escape(f"{file}: {told}")):
        assets.read(folder)


def test_a_chart_that_no_page_shows_is_told(folder: Path) -> None:
    shutil.copy(folder / "home" / "revenue_by_day.yaml", folder / "home" / "revenue_again.yaml")
    with pytest.raises(assets.AssetError, match=r"home/revenue_again.yaml: no row of home/dashboard.yaml shows it"):
        assets.check(assets.read(folder))


def test_what_is_imported_is_linked_by_uuid(files: assets.Assets, settings: Settings) -> None:
    built = {path: yaml.safe_load(text) for path, text in bundle.build(files, settings).items()}
    by_kind = {
        kind: {content["uuid"]: content for path, content in built.items() if path.startswith(f"{kind}/")}
        for kind in ("databases", "datasets", "charts", "dashboards")
    }
    assert {kind: len(found) for kind, found in by_kind.items()} == {
        "databases": 1, "datasets": len(files.datasets), "charts": len(files.charts), "dashboards": 7,
    }  # fmt: skip
    assert {dataset["database_uuid"] for dataset in by_kind["datasets"].values()} == set(by_kind["databases"])
    assert {chart["dataset_uuid"] for chart in by_kind["charts"].values()} <= set(by_kind["datasets"])
    placed = [
        part["meta"]["uuid"]
        for dashboard in by_kind["dashboards"].values()
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    # The one that stands on no page is read by each page's script.
    assert set(by_kind["charts"]) - set(placed) == {str(files.uuids["chart/everywhere/freshness"])}
    targets = [
        target["datasetUuid"]
        for dashboard in by_kind["dashboards"].values()
        for each in dashboard["metadata"]["native_filter_configuration"]
        for target in each["targets"]
        if target
    ]
    assert len(targets) > 20
    assert set(targets) <= set(by_kind["datasets"])


def test_rows_and_tabs_are_one_tree(files: assets.Assets, settings: Settings) -> None:
    built = yaml.safe_load(bundle.build(files, settings)["dashboards/inventory.yaml"])["position"]
    page = files.dashboards["inventory"]
    tabs = built["TABS-0"]["children"]
    assert built["GRID_ID"]["children"] == [*(f"ROW-{number}" for number in range(len(page.rows))), "TABS-0"]
    assert [built[tab]["meta"]["text"] for tab in tabs] == [tab.title for tab in page.tabs]
    assert [len(built[tab]["children"]) for tab in tabs] == [len(tab.rows) for tab in page.tabs]
    places = {name: place for name, place in built.items() if isinstance(place, dict)}
    for name, place in places.items():
        for child in place.get("children", []):
            assert built[child]["parents"] == [*place.get("parents", []), name]
    assert len(places) > len(files.charts_of("inventory")) + len(page.all_rows())


def filters_built(files: assets.Assets, settings: Settings, dashboard: str) -> dict[str, dict[str, object]]:
    built = yaml.safe_load(bundle.build(files, settings)[f"dashboards/{dashboard}.yaml"])
    return {each["name"]: each for each in built["metadata"]["native_filter_configuration"]}


def test_a_filter_of_days_takes_the_highest_number_alone(files: assets.Assets, settings: Settings) -> None:
    days = filters_built(files, settings, "inventory")["Runs out within (days)"]
    assert days["filterType"] == "filter_range"
    assert days["controlValues"]["enableSingleValue"] == bundle.HIGHEST_VALUE


def test_what_sells_best_is_offered_first(files: assets.Assets, settings: Settings) -> None:
    found = filters_built(files, settings, "demand_forecasting")
    for title in ("Product", "Store"):
        control = found[title]["controlValues"]
        assert (control["sortMetric"], control["sortAscending"]) == ("expected_demand", False)
    assert found["Forecast"]["controlValues"]["sortMetric"] == "recency"


@pytest.mark.parametrize(
    ("chosen", "level", "products_of", "stores_of"),
    [
        ([], "total", "product", "retailer"),
        (["category_name"], "category", "product", "product_retailer"),
        (["product_name"], "product", "product", "product_retailer"),
        (["product_id"], "product", "product", "product_retailer"),
        (["category_name", "product_name"], "product", "product", "product_retailer"),
        (["retailer"], "retailer", "product_retailer", "retailer"),
        (["retailer_id"], "retailer", "product_retailer", "retailer"),
        (["retailer_state"], "retailer", "product_retailer", "retailer"),
        (["category_name", "retailer_state"], "product_retailer", "product_retailer", "product_retailer"),
        (["product_id", "retailer_id"], "product_retailer", "product_retailer", "product_retailer"),
    ],
)
def test_a_forecast_is_shown_at_the_level_of_what_is_chosen(
    files: assets.Assets, chosen: list[str], level: str, products_of: str, stores_of: str
) -> None:
    values = {column: ["x"] for column in chosen}
    for name, expected in (
        ("demand_and_forecast", level),
        ("products_ahead", products_of),
        ("stores_ahead", stores_of),
    ):
        asked = condition(files.charts[f"demand_forecasting/{name}"], **values)
        assert re.findall(r"level = '(\w+)'", asked) == [expected], name


def test_health_is_shown_of_the_last_day_until_somebody_chooses_dates(files: assets.Assets, settings: Settings) -> None:
    dates = filters_built(files, settings, "pipeline_health")["Date range"]
    chosen = files.dashboards["pipeline_health"].filters[0].default_range
    assert "-24, hour" in str(chosen)
    assert dates["defaultDataMask"] == {
        "extraFormData": {"time_range": chosen},
        "filterState": {"value": chosen},
    }


def test_a_column_has_its_width_and_its_format(files: assets.Assets, settings: Settings) -> None:
    built = yaml.safe_load(bundle.build(files, settings)["charts/everywhere_to_order.yaml"])["params"]["column_config"]
    assert built["why"] == {"columnWidth": files.charts["everywhere/to_order"].widths["why"]}
    assert built["suggested_value"] == {"d3NumberFormat": ",.2f"}


def test_the_same_files_give_the_same_import(files: assets.Assets, settings: Settings) -> None:
    assert bundle.build(files, settings) == bundle.build(assets.read(), settings)


def test_no_secret_is_in_what_is_imported(files: assets.Assets, settings: Settings) -> None:
    text = "\n".join(bundle.build(files, settings).values())
    secrets = [name for name, field in type(settings).model_fields.items() if field.is_required()]
    assert len(secrets) > 15
    assert not [name for name in secrets if getattr(settings, name).get_secret_value() in text]
    assert "password" not in text.lower()


def test_the_views_have_the_rules_of_the_code() -> None:
    """SQL has its own copy of what sells."""
    views = {name: view.sql(dialect="postgres") for name, view in created_views().items()}
    statuses = re.findall(r"NOT \w+\.order_status IN \(([^)]+)\)", views["order_lines"] + views["demand"])
    assert len(statuses) == 2
    assert all(set(re.findall(r"'(\w+)'", listed)) == set(NO_DEMAND) for listed in statuses)


def test_a_link_to_a_filter_that_is_not_there_is_refused(settings: Settings) -> None:
    assert "native_filters=" in links.filtered(settings, "home", {"market": ["Europe"], "product_name": None})
    with pytest.raises(ValueError, match="home has no filter of planet"):
        links.filtered(settings, "home", {"planet": ["Earth"]})


SERIES = ("echarts_area", "echarts_timeseries_bar", "echarts_timeseries_line", "mixed_timeseries", "pie")


def test_two_values_of_a_column_and_two_numbers_of_a_chart_never_share_a_colour(files: assets.Assets) -> None:
    chosen = colours.read()
    for column, values in chosen.values.items():
        assert len(set(values.values())) == len(values), column
    several = {name: chart for name, chart in files.charts.items() if len(chart.metrics()) > 1}
    checked = 0
    for name, chart in several.items():
        titles = [files.datasets[chart.dataset].metrics[metric].title for metric in chart.metrics()]
        own = [chosen.metrics[title] for title in titles if title in chosen.metrics]
        if chart.viz_type in SERIES and len(own) == len(titles):
            checked += 1
            assert len(set(own)) == len(own) or {"Low", "High"} & set(titles), name
    assert checked >= 4


def test_every_value_that_orders_can_have_has_its_colour() -> None:
    chosen = colours.read().values
    assert set(chosen["market"]) == set(MARKETS)
    assert set(chosen["segment"]) == {segment for segment, _ in SEGMENTS}
    stock = created_views()["stock"].sql(dialect="postgres")
    statuses = re.findall(r"THEN '([A-Z][a-z ]+)'|ELSE '([A-Z][a-z ]+)'", stock)
    assert {first or last for first, last in statuses} == set(chosen["stock_status"])


def test_a_label_has_one_colour_on_every_page(files: assets.Assets, settings: Settings) -> None:
    built = bundle.build(files, settings)
    of_pages = [
        yaml.safe_load(text)["metadata"]["label_colors"]
        for path, text in built.items()
        if path.startswith("dashboards/")
    ]
    assert len(of_pages) == 7
    assert all(each == of_pages[0] for each in of_pages)
    assert of_pages[0]["Late"] == of_pages[0]["late_rate"] == colours.read().metrics["Late"]


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        (",d", "round((x)::numeric)::bigint"),
        (",.1f", "round((x)::numeric, 1)"),
        (".2~f", "round((x)::numeric, 2)"),
        (".1%", "round((x)::numeric, 3)"),
        ("$,.2f", "round((x)::numeric, 2)"),
        ("$,.3~s", "round((x)::numeric, 2)"),
    ],
)
def test_a_number_is_rounded_to_the_digits_that_are_shown(number_format: str, expected: str) -> None:
    assert bundle.rounded("x", number_format) == expected


def test_a_filter_reaches_the_charts_that_have_its_column(files: assets.Assets, settings: Settings) -> None:
    built = yaml.safe_load(bundle.build(files, settings)["dashboards/home.yaml"])
    filters = {each["name"]: each for each in built["metadata"]["native_filter_configuration"]}
    numbers = {
        place["meta"]["sliceName"]: place["meta"]["chartId"]
        for place in built["position"].values()
        if isinstance(place, dict) and place["type"] == "CHART"
    }
    left_alone = {title for title, number in numbers.items() if number in filters["Market"]["scope"]["excluded"]}
    assert {"Stock at a glance", "To order"} <= left_alone
    assert not {"Last 30 days at a glance", "Revenue by day"} & left_alone
    assert filters["Product"]["cascadeParentIds"] == [filters["Category"]["id"]]
    assert filters["Store"]["cascadeParentIds"] == [filters["US state"]["id"]]
    assert filters["Category"]["cascadeParentIds"] == []


def test_a_threshold_colours_what_is_worse(files: assets.Assets, settings: Settings) -> None:
    built = yaml.safe_load(bundle.build(files, settings)["charts/pipeline_health_at_a_glance.yaml"])
    marks = [each for each in built["params"]["conditional_formatting"] if each["column"] == "rows_differing"]
    assert [(each["operator"], each["targetValue"]) for each in marks] == [("<", 1), ("\u2265", 1), ("\u2265", 1)]
    assert marks[-1]["colorScheme"] == colours.read().bad
