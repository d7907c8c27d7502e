"""Publishing in a real Superset: twice, after a change, after a removal; and what its users may."""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import requests
import yaml

from supply_chain.dashboards import assets, publishing
from supply_chain.dashboards.superset_api import SupersetApi, SupersetError
from supply_chain.database import DATABASE
from supply_chain.servers.databases import connect_as_superuser

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@pytest.fixture
def server(superset_server: Settings, database: Settings) -> Settings:
    return superset_server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(assets.ASSETS, tmp_path / "assets")


def publish(server: Settings, folder: Path = assets.ASSETS) -> tuple[publishing.Published, list[str]]:
    said: list[str] = []
    return publishing.publish(server, said.append, folder), said


def published(server: Settings) -> dict[str, Any]:
    """What Superset has, and when it was changed."""
    superset = SupersetApi(server)
    return {
        f"{kind}/{each['uuid']}": each["changed_on_utc"] if kind != "dataset" else each["changed_on_delta_humanized"]
        for kind, columns in {
            "dashboard": ["uuid", "changed_on_utc"],
            "chart": ["uuid", "changed_on_utc"],
            "dataset": ["uuid", "changed_on_delta_humanized"],
        }.items()
        for each in superset.every(kind, columns)
    }


def test_every_chart_has_an_answer_and_a_second_time_changes_nothing(server: Settings) -> None:
    expected = assets.read()
    first, _ = publish(server)
    assert first.charts == len(expected.charts) > 0
    before = published(server)
    assert len(before) == len(expected.uuids)
    second, said = publish(server)
    assert not second.changed
    assert second.removed == []
    assert "Superset has all of it already" in said
    assert set(published(server)) == set(before)
    assert {name: changed for name, changed in published(server).items() if "dataset" not in name} == {
        name: changed for name, changed in before.items() if "dataset" not in name
    }


def test_a_changed_title_is_published_and_a_removed_chart_removed(server: Settings, folder: Path) -> None:
    publish(server, folder)
    page = folder / "home" / "dashboard.yaml"
    dashboard = yaml.safe_load(page.read_text())
    dashboard["title"] = "Start"
    for row in dashboard["rows"]:
        row["cells"] = [cell for cell in row["cells"] if cell.get("chart") != "stock_at_a_glance"]
    for each in dashboard["filters"]:
        each["without"] = [chart for chart in each.get("without", []) if chart != "stock_at_a_glance"]
    page.write_text(yaml.safe_dump(dashboard))
    (folder / "home" / "stock_at_a_glance.yaml").unlink()
    done, said = publish(server, folder)
    assert done.changed
    assert done.removed == ["chart Stock at a glance"]
    assert "removed chart Stock at a glance, which is in no file any more" in said
    superset = SupersetApi(server)
    home = superset.get("dashboard/home")["result"]
    assert home["dashboard_title"] == "Start"
    assert "Stock at a glance" not in {chart["slice_name"] for chart in superset.get("dashboard/home/charts")["result"]}
    assert len(published(server)) == len(assets.read().uuids) - 1


def test_what_people_made_themselves_stays(server: Settings) -> None:
    publish(server)
    made = SupersetApi(server).call("POST", "dashboard/", json={"dashboard_title": "Mine"})
    try:
        assert publish(server)[0].removed == []
        assert SupersetApi(server).get(f"dashboard/{made['id']}")["result"]["dashboard_title"] == "Mine"
    finally:
        SupersetApi(server).delete(f"dashboard/{made['id']}")


def test_a_query_without_an_answer_fails_and_names_the_file(server: Settings, folder: Path) -> None:
    dataset = folder / "datasets" / "stock.yaml"
    dataset.write_text(dataset.read_text().replace("sum(stock_value)", "sum(stock_values)"))
    with pytest.raises(publishing.PublishError, match=r"inventory/at_a_glance.yaml: .*stock_values"):
        publish(server, folder)
    publish(server)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "chart/", {"slice_name": "x", "datasource_id": 1, "datasource_type": "table"}),
        ("PUT", "chart/1", {"slice_name": "x"}),
        ("DELETE", "chart/1", None),
        ("POST", "dashboard/", {"dashboard_title": "x"}),
        ("PUT", "dashboard/home", {"dashboard_title": "x"}),
        ("DELETE", "dashboard/1", None),
        ("PUT", "dataset/1", {"description": "x"}),
        ("GET", "database/1/connection", None),
        ("PUT", "database/1", {"database_name": "x"}),
        ("POST", "sqllab/execute/", {"database_id": 1, "sql": "SELECT 1"}),
        ("GET", "sqllab/", None),
        ("GET", "security/users/", None),
        ("GET", "assets/export/", None),
        ("GET", "chart/export/?q=!(1)", None),
        ("GET", "dataset/export/?q=!(1)", None),
        ("GET", "dashboard/export/?q=!(1)", None),
        ("PUT", "dataset/1/refresh", None),
    ],
)
def test_the_viewer_may_not(server: Settings, method: str, path: str, body: dict[str, Any] | None) -> None:
    viewer = SupersetApi(server, "viewer")
    with pytest.raises(SupersetError, match=r": (401|403|404) "):
        viewer.call(method, path, **({} if body is None else {"json": body}))


def test_the_viewer_sees_every_dashboard_and_not_the_sql_lab(server: Settings) -> None:
    publish(server)
    viewer = SupersetApi(server, "viewer")
    slugs = {each["slug"] for each in viewer.every("dashboard", ["slug"])}
    assert slugs == {dashboard.slug for dashboard in assets.read().dashboards.values()}
    assert viewer.get("dashboard/home")["result"]["dashboard_title"] == "Home"


def test_nobody_sees_anything_without_an_account(server: Settings) -> None:
    publish(server)
    address = f"{server.superset_url}/superset/dashboard/home/"
    assert "/login/" in requests.get(address, timeout=30, allow_redirects=False).headers["Location"]
    assert requests.get(f"{server.superset_url}/api/v1/dashboard/home", timeout=30).status_code == 401
    assert requests.get(f"{server.superset_url}/api/v1/chart/1/data/", timeout=30).status_code == 401


LATEST = ["Produced", "Order", "Order line", "Product id", "Product", "Store id", "Store", "Country", "Status",
          "Shipping mode", "Quantity", "Gross sales ($)"]  # fmt: skip


@pytest.fixture
def an_order_line(server: Settings) -> Settings:
    """One order line, and one look at the stream with more digits than a page shows."""
    with (
        contextlib.closing(connect_as_superuser(server, DATABASE)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO products VALUES (365, 'Perfect Rip Deck', 17, 'Cleats', 4, 'Apparel', 59.99, NULL);"
            "INSERT INTO retailers VALUES (7, 'Caguas store', 'Puerto Rico', 'PR', 'Caguas', 18.25, -66.03);"
            "INSERT INTO recent_orders VALUES (0, 0, 0, '2026-11-01 12:00Z', 180519, 77202, '2018-01-31 22:56Z',"
            " 365, 7, 20755, 2, 119.98, 'COMPLETE', 'Late delivery', 'Standard Class', 'Europe', 'Francia');"
            "INSERT INTO stream_health (observed_at, lag, lines_per_second, checkpoint_age_seconds, counted, rejected,"
            " findings) VALUES (now(), 3, 4.987654321, 1.23456789, 10, 0, '');"
            "INSERT INTO kafka_sent (topic, source_checksum, last_position, lines_acknowledged, state,"
            " lines_per_second) VALUES ('orders', '', 1, 1, 'live', 4.987654321)"
        )
    publish(server)
    return server


def downloaded(server: Settings, chart: str, kind: str) -> bytes:
    """What the viewer's browser gets by *Download*."""
    number = next(
        each["id"]
        for each in SupersetApi(server).every("chart", ["id", "uuid"])
        if each["uuid"] == str(assets.read().uuids[f"chart/{chart}"])
    )
    return SupersetApi(server, "viewer").download(f"chart/{number}/data/?format={kind}&type=full&force=true")


def test_the_viewer_downloads_a_table_with_its_ids_and_titles(an_order_line: Settings) -> None:
    rows = list(csv.reader(io.StringIO(downloaded(an_order_line, "live_orders/latest", "csv").decode())))
    assert rows[0] == LATEST
    assert rows[1][1:] == [
        "77202", "180519", "365", "Perfect Rip Deck", "7", "Caguas, PR", "France", "Complete", "Standard Class", "2",
        "119.98",
    ]  # fmt: skip
    workbook = zipfile.ZipFile(io.BytesIO(downloaded(an_order_line, "live_orders/latest", "xlsx")))
    texts = workbook.read("xl/sharedStrings.xml").decode()
    assert all(f">{title}</t>" in texts for title in LATEST)
    numbers = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert all(f"<v>{number}</v>" in numbers for number in ("77202", "180519", "119.98"))


def test_a_download_has_the_digits_that_the_page_shows(an_order_line: Settings) -> None:
    (row,) = csv.DictReader(io.StringIO(downloaded(an_order_line, "live_orders/at_a_glance", "csv").decode()))
    assert row["Lines a second"] == "5.0"
    (row,) = csv.DictReader(io.StringIO(downloaded(an_order_line, "pipeline_health/at_a_glance", "csv").decode()))
    assert row["Checkpoint (seconds ago)"] == "1.2"


def test_nobody_else_downloads_anything(an_order_line: Settings) -> None:
    answer = requests.get(f"{an_order_line.superset_url}/api/v1/chart/1/data/?format=csv", timeout=30)
    assert answer.status_code == 401
