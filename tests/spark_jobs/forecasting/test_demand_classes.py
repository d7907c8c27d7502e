from __future__ import annotations

import numpy as np
import pytest

from forecasting import demand_classes


def test_segments_by_interval_and_variation():
    days = 120
    smooth = np.full(days, 5.0)
    erratic = np.where(np.arange(days) % 2, 1.0, 20.0)
    intermittent = np.where(np.arange(days) % 4 == 0, 3.0, 0.0)
    lumpy = np.where(np.arange(days) % 8 == 0, 1.0, 0.0) + np.where(np.arange(days) % 16 == 0, 30.0, 0.0)
    demand = np.stack([smooth, erratic, intermittent, lumpy])
    found = demand_classes.segments(demand, np.zeros(4, dtype=int))
    assert found.tolist() == ["smooth", "erratic", "intermittent", "lumpy"]


def test_a_gap_stops_a_busy_product_and_not_a_rare_one():
    demand = np.zeros((4, 400))
    demand[0, :390] = 1
    demand[1, ::20] = 1
    demand[2, :398] = 1
    demand[3, 0] = 1
    # Sold daily, nothing for ten days; every 20 days, nothing for 19; daily, nothing for two; once.
    assert demand_classes.stopped(demand).tolist() == [True, False, False, False]


@pytest.mark.parametrize(("gap", "has_stopped"), [(0, False), (1, False), (4, False), (5, True), (100, True)])
def test_a_long_weekend_stops_nothing(gap, has_stopped):
    demand = np.concatenate([np.ones((1, 100)), np.zeros((1, gap))], axis=1)
    assert demand_classes.stopped(demand).tolist() == [has_stopped]


def test_new_is_less_than_sixty_days():
    assert demand_classes.is_new(np.array([0, 40, 41, 99]), 100).tolist() == [False, False, True, True]
