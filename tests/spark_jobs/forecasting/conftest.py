"""Demand for the tests of the models."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.bench.forecasts import published_demand, seasonal_demand

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def generated() -> pd.DataFrame:
    """Sparse demand with structure: three years, 60 products, 25 stores."""
    return seasonal_demand.generate(seed=3)


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
