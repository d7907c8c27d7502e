"""A database with some weeks of counted orders."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.database import DATABASE
from supply_chain.servers.databases import connect_as_superuser

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings


@pytest.fixture
def execute(database: Settings) -> Callable[..., list[tuple[Any, ...]]]:
    """Runs a statement as the superuser, and returns its rows."""

    def run(sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def counted(database: Settings, execute: Callable[..., Any]) -> Settings:
    """Three products and two stores; a line of each every day of 2016, canceled ones in January alone."""
    for product, name in ((1, "Smart watch "), (2, "Tent"), (3, "tent")):
        execute("INSERT INTO products VALUES (%s, %s, 7, 'Outdoor', 1, 'Fan Shop', 9.99)", product, name)
    for retailer, city in ((10, "Caguas"), (11, "Ponce")):
        execute("INSERT INTO retailers VALUES (%s, 'Store', 'Puerto Rico', 'PR', %s)", retailer, city)
    execute(
        "INSERT INTO daily_aggregates"
        " SELECT day::date, retailer_id, product_id, 'COMPLETE', 1, product_id, 1, 1, 0, 0, 0, 0, 0, 0, 0"
        " FROM generate_series('2016-01-02'::date, '2016-12-31', '1 day') AS day, products, retailers"
    )
    execute("INSERT INTO daily_aggregates VALUES ('2016-01-01', 10, 1, 'CANCELED', 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)")
    return database
