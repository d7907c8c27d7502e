"""The orders of a profile as a table."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from supply_chain.orders.generator import generate
from supply_chain.orders.recipe import Recipe


def table_of(recipe: Recipe) -> pd.DataFrame:
    text = b"".join(text for _, text, _ in generate(recipe))
    table = pd.read_csv(io.BytesIO(text), encoding="iso-8859-1")
    placed = pd.to_datetime(table["order date (DateOrders)"], format="%m/%d/%Y %H:%M")
    return table.assign(placed=placed, day=placed.dt.normalize())


@pytest.fixture(scope="module")
def lines(request: pytest.FixtureRequest) -> pd.DataFrame:
    """As many orders as the published data set has, of the profile that the module names."""
    return table_of(Recipe(request.module.PROFILE, 65_752, 2015))
