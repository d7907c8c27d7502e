"""The views of the dashboards follow their files, without a migration."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg2
import pytest

from supply_chain.database import Role, connect
from supply_chain.servers import views

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings


def test_a_view_comes_after_those_that_it_reads() -> None:
    order = list(views.definitions())

    assert order.index("newest_forecast") < order.index("forecast_choices") < order.index("demand")


@pytest.fixture
def folder(database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "markets.sql").write_text("CREATE VIEW dashboards.markets AS SELECT 'Europe' AS market;\n")
    monkeypatch.setattr(views, "FOLDER", tmp_path)
    yield tmp_path
    monkeypatch.undo()
    views.ensure_views(database)


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.integration
def test_a_changed_file_changes_the_view_and_an_unchanged_one_does_nothing(database: Settings, folder: Path) -> None:
    assert views.ensure_views(database)
    assert rows(database, "SELECT market FROM dashboards.markets") == [("Europe",)]
    assert not views.ensure_views(database)

    (folder / "markets.sql").write_text("CREATE VIEW dashboards.markets AS SELECT 'Africa' AS market, 1 AS one;\n")

    assert views.ensure_views(database)
    assert rows(database, "SELECT * FROM dashboards.markets") == [("Africa", 1)]


@pytest.mark.integration
def test_a_wrong_definition_leaves_the_views_as_they_were(database: Settings, folder: Path) -> None:
    views.ensure_views(database)
    (folder / "stores.sql").write_text("CREATE VIEW dashboards.stores AS SELECT nothing FROM nowhere;\n")

    with pytest.raises(psycopg2.Error):
        views.ensure_views(database)

    assert rows(database, "SELECT market FROM dashboards.markets") == [("Europe",)]
