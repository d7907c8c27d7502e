from __future__ import annotations

import numpy as np
import pytest

from forecasting import metrics
from forecasting.metrics import Errors, Quantiles, Window

WINDOW = Window(
    actual=np.array([[1.0, 3.0], [0.0, 0.0]]),
    scale=np.array([4.0, 0.0]),
    seasonal_naive=np.array([[2.0, 4.0], [1.0, 0.0]]),
    moving_mean=np.array([1.0, 0.5]),
)
FORECAST = np.array([[2.0, 1.0], [0.5, 0.0]])
QUANTILES = Quantiles(
    daily=np.array([[[0.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]], [[3.0, 2.0], [1.0, 1.0]]]),
    lower=np.array([1.0, 1.0]),
    upper=np.array([4.0, 2.0]),
)


def test_every_metric_by_hand():
    found = metrics.errors(WINDOW, FORECAST, QUANTILES).metrics()
    assert found == {
        "wape_total": pytest.approx((1 + 0.5) / 4),
        "wape_daily": pytest.approx((1 + 2 + 0.5) / 4),
        "bias": pytest.approx(-0.5 / 4),
        "rmsse": pytest.approx(np.sqrt(((1 + 4) / 2) / 4)),
        # Of 10 %: 0.1 * (1 + 3); of 50 %: 0.5 * (0 + 2); of 90 %: 0.1 * 2 + 0.9 * 1 + 0.1 * (1 + 1). By mean demand 1.
        "pinball_10": pytest.approx(0.4 / 4),
        "pinball_50": pytest.approx(1.0 / 4),
        "pinball_90": pytest.approx(1.3 / 4),
        "coverage_80": pytest.approx(0.5),
        "skill": pytest.approx(1 - 1.5 / 3),
    }


def test_parts_add_up_to_the_whole():
    rows = [np.array([True, False]), np.array([False, True])]
    parts = [metrics.errors(WINDOW.select(r), FORECAST[r], QUANTILES.select(r)) for r in rows]
    assert (parts[0] + parts[1]).metrics() == pytest.approx(metrics.errors(WINDOW, FORECAST, QUANTILES).metrics())


def test_what_cannot_be_told_is_none():
    assert set(Errors().metrics().values()) == {None}
    assert metrics.errors(WINDOW, FORECAST).metrics()["coverage_80"] is None


def test_the_scale_begins_with_the_first_sale():
    demand = np.array([[0.0, 0.0, 5.0, 7.0, 6.0], [0.0, 0.0, 0.0, 0.0, 1.0]])
    assert metrics.rmsse_scale(demand, np.array([2, 4])).tolist() == [(4 + 1) / 2, 0]
