"""Demand over days, as planning takes it from a forecast."""

from __future__ import annotations

import numpy as np

from supply_chain.replenishment.demand import DemandForecast


def forecast(daily, ratio=1.5, uncertainty=0.1):
    daily = np.array(daily, dtype=float)
    return DemandForecast(daily, np.full(len(daily), ratio), np.full(len(daily), uncertainty))


def test_variance_of_some_days_is_not_the_sum_of_the_days():
    demand = forecast([[2.0, 2.0]], ratio=1.5, uncertainty=0.25)
    assert demand.variance(demand.cumulated).tolist() == [[1.5 * 2 + 0.25 * 4, 1.5 * 4 + 0.25 * 16]]


def test_demand_over_days_by_pair():
    demand = forecast([[1, 2, 3, 4], [10, 20, 30, 40]])
    assert demand.over(np.array([2, 4])).tolist() == [3, 100]
    assert demand.over(np.array([0, 1])).tolist() == [0, 10]


def test_days_after_the_forecast_are_the_mean_of_its_last_week():
    demand = forecast([[100.0] + [float(day) for day in range(1, 8)]])
    assert demand.over(np.array([10])).tolist() == [100 + 28 + 2 * 4.0]


def test_a_forecast_shorter_than_a_week_extends_by_all_of_it():
    assert forecast([[1.0, 3.0]]).over(np.array([5])).tolist() == [4 + 3 * 2.0]
