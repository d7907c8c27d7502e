"""A source of a few thousand order lines, for the tests of what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supply_chain.seed import seed

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

ORDERS = 4_000


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from supply_chain.orders.generator import write_orders

    path = tmp_path_factory.mktemp("source") / "orders.csv"
    write_orders(path, orders=ORDERS, seed=7)
    return path


@pytest.fixture
def seeded(database: Settings, generated: Path) -> Settings:
    """The database, seeded with that source."""
    settings = database.model_copy(update={"dataset": generated})
    seed(settings)
    return settings
