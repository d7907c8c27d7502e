"""Demand for the tests of the models."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.bench.forecasts import published_demand, seasonal_demand

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def generated() -> pd.DataFrame:
    """Sparse demand with structure: three years, 60 products, 25 stores."""
    return seasonal_demand.generate(seed=3)


@pytest.fixture(scope="session")
def small() -> pd.DataFrame:
    """Sparse demand of a year and a half in four categories; one product is new, another one has ended."""
    random = np.random.default_rng(5)
    rows = []
    for product in range(12):
        category, first, last = product % 4, 0, 550
        if product == 10:
            first = 520
        if product == 11:
            last = 480
        for retailer in range(8):
            units = random.poisson(4.0 / (retailer + 1), last - first)
            days = np.flatnonzero(units)
            rows.append(
                pd.DataFrame(
                    {
                        "day": days + first,
                        "category_id": category,
                        "product_id": product + 100,
                        "retailer_id": retailer + 1,
                        "quantity": units[days].astype(float),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="session")
def thirty_series() -> NDArray[np.float64]:
    """Thirty daily series of two years and more: of the published orders where DATASET names them, else generated."""
    path = os.environ.get("DATASET")
    rows = published_demand.read(path) if path else seasonal_demand.generate(seed=9)
    totals = rows.groupby(["product_id", "retailer_id"])["quantity"].sum().nlargest(30)
    series = rows.set_index(["product_id", "retailer_id"]).loc[totals.index]
    return (
        series.pivot_table(
            index=["product_id", "retailer_id"], columns="day", values="quantity", aggfunc="sum", fill_value=0
        )
        .reindex(columns=range(800), fill_value=0)
        .to_numpy()
    )
