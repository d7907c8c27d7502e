"""Stock by day, and the day on which it runs out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from supply_chain.replenishment.demand import DemandForecast
from supply_chain.replenishment.projection import NEVER, project, receipts_by_day

DAYS = 10


def forecast(daily, ratio=1.0, uncertainty=0.0):
    daily = np.array(daily, dtype=float)
    return DemandForecast(daily, np.full(len(daily), ratio), np.full(len(daily), uncertainty))


def nothing(pairs=1):
    return np.zeros((pairs, DAYS), dtype=np.int64)


def test_by_hand():
    """Two units a day, Poisson, 9 in stock: the median of 5 days' demand is 10, the 90 % quantile of 3 days' is 9."""
    stock = project(forecast([[2.0] * DAYS]), np.array([9]), nothing())
    assert stock.expected[0].tolist() == [7, 5, 3, 1, -1, -3, -5, -7, -9, -11]
    quantiles = [int(stats.poisson.ppf(0.9, 2 * day)) for day in range(1, DAYS + 1)]
    assert quantiles[2:4] == [9, 12]
    assert stock.with_high_demand[0].tolist() == [9 - each for each in quantiles]
    assert stock.stock_out_p50.tolist() == [4]
    assert stock.stock_out_p90.tolist() == [3]


def test_the_quantile_of_the_sum_is_not_the_sum_of_quantiles():
    """A pair that sells a unit in ten days has a daily median of 0, and yet sells."""
    stock = project(forecast([[0.1] * DAYS]), np.array([0]), nothing())
    assert stock.stock_out_p50.tolist() == [6]
    assert stock.with_high_demand[0, -1] == -int(stats.poisson.ppf(0.9, 1.0)) == -2


def test_receipts_count_on_their_day():
    receipts = receipts_by_day([[3]], [[5]], DAYS)
    stock = project(forecast([[2.0] * DAYS]), np.array([6]), receipts)
    assert stock.expected[0, :5].tolist() == [4, 2, 0, 3, 1]
    assert stock.stock_out_p50.tolist() == [5]


def test_late_receipts_arrive_first_and_far_ones_are_left_out():
    found = receipts_by_day([[-3, 0, 2, 2, DAYS], []], [[1, 2, 4, 8, 16], []], DAYS)
    assert found[0].tolist() == [3, 0, 12] + [0] * (DAYS - 3)
    assert not found[1].any()


def test_a_backorder_is_a_stock_out_today():
    stock = project(forecast([[0.0] * DAYS]), np.array([-1]), nothing())
    assert stock.stock_out_p50.tolist() == stock.stock_out_p90.tolist() == [0]


def test_without_demand_stock_stays():
    stock = project(forecast([[0.0] * DAYS]), np.array([0]), nothing())
    assert stock.stock_out_p50.tolist() == stock.stock_out_p90.tolist() == [NEVER]
    assert not stock.expected.any()
    assert not stock.with_high_demand.any()


PAIRS = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0.5, 6), st.floats(0, 1), st.integers(-5, 200)), min_size=1, max_size=8
)


@settings(max_examples=200)
@given(pairs=PAIRS, receipt=st.integers(0, 50), day=st.integers(0, DAYS - 1))
def test_what_holds_for_any(pairs, receipt, day):
    rates, ratios, uncertainties, on_hand = map(np.array, zip(*pairs, strict=True))
    demand = DemandForecast(np.repeat(rates[:, np.newaxis], DAYS, axis=1), ratios, uncertainties)
    receipts = receipts_by_day([[day]] * len(pairs), [[receipt]] * len(pairs), DAYS)
    stock = project(demand, on_hand, receipts)
    out_p50 = np.where(stock.stock_out_p50 == NEVER, DAYS, stock.stock_out_p50)
    out_p90 = np.where(stock.stock_out_p90 == NEVER, DAYS, stock.stock_out_p90)
    assert (out_p90 <= out_p50).all()
    # The day on which the stock with high demand goes below zero is the day that is named.
    below = stock.with_high_demand < 0
    first = np.where(below.any(axis=1), below.argmax(axis=1), DAYS)
    assert first.tolist() == out_p90.tolist()
    without = project(demand, on_hand, np.zeros_like(receipts))
    sooner = np.where(without.stock_out_p50 == NEVER, DAYS, without.stock_out_p50)
    assert (sooner <= out_p50).all()
