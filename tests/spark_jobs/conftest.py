"""Demand for the tests of the job and of its models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


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
