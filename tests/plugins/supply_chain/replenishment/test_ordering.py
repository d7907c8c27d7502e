"""Reorder points and quantities: by hand, and what must hold for any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from supply_chain.replenishment.demand import DemandForecast
from supply_chain.replenishment.ordering import stock_levels, suggested_quantity
from supply_chain.replenishment.parameters import ReplenishmentParameters


def forecast(daily, ratio=1.0, uncertainty=0.0):
    daily = np.array(daily, dtype=float)
    return DemandForecast(daily, np.full(len(daily), ratio), np.full(len(daily), uncertainty))


def levels_of(demand, lead_time=4, review=7, cycle=7, service_level=0.95):
    times = np.full(len(demand.daily), lead_time)
    return stock_levels(demand, times, review_period_days=review, order_cycle_days=cycle, service_level=service_level)


def suggest(position, levels, *, orderable=True, **asked):
    count = len(levels.reorder_point)
    return suggested_quantity(
        np.full(count, position), levels, ReplenishmentParameters(**asked), np.full(count, orderable)
    ).tolist()


def test_by_hand():
    """Two units a day, Poisson: 22 in the 11 days of protection, whose 95 % quantile is 30; 14 in the week after."""
    levels = levels_of(forecast([[2.0] * 30]))
    assert levels.protection_days.tolist() == [11]
    assert levels.protection_demand.tolist() == [22.0]
    assert levels.protection_deviation[0] == pytest.approx(22**0.5)
    assert levels.reorder_point.tolist() == [30]
    assert levels.safety_stock.tolist() == [8.0]
    assert levels.order_cycle_demand.tolist() == [14.0]
    assert levels.order_up_to_level.tolist() == [44.0]
    assert levels.extended_days.tolist() == [0]
    assert suggest(31, levels) == [0]
    assert suggest(30, levels) == [14]
    assert suggest(-5, levels) == [49]


def test_by_hand_with_the_variance_of_the_forecast():
    levels = levels_of(forecast([[2.0] * 30], ratio=1.5, uncertainty=0.2))
    variance = 1.5 * 22 + 0.2 * 22**2
    assert levels.protection_deviation[0] == pytest.approx(variance**0.5)
    assert levels.reorder_point[0] == stats.nbinom.ppf(0.95, 22**2 / (variance - 22), 22 / variance)


def test_the_cycle_is_that_of_the_days_after_protection():
    levels = levels_of(forecast([[0.0] * 5 + [1.0] * 3 + [9.0] * 10]), lead_time=2, review=6, cycle=2)
    assert levels.protection_demand.tolist() == [3.0]
    assert levels.order_cycle_demand.tolist() == [18.0]


def test_a_short_forecast_is_extended_and_says_so():
    levels = levels_of(forecast([[1.0] * 7]))
    assert levels.protection_demand.tolist() == [11.0]
    assert levels.order_cycle_demand.tolist() == [7.0]
    assert levels.extended_days.tolist() == [11]


def test_multiple_minimum_and_maximum():
    levels = levels_of(forecast([[2.0] * 30]))
    assert suggest(30, levels, order_multiple=6) == [18]
    assert suggest(30, levels, minimum_order=20) == [20]
    assert suggest(30, levels, minimum_order=20, order_multiple=6) == [24]
    assert suggest(-100, levels, maximum_order=20, order_multiple=6) == [18]
    assert suggest(-100, levels, maximum_order=0) == [144]


def test_of_what_is_stopped_only_what_is_owed_is_ordered():
    levels = levels_of(forecast([[2.0] * 30]))
    assert suggest(0, levels, orderable=False) == [0]
    assert suggest(3, levels, orderable=False) == [0]
    assert suggest(-292, levels, orderable=False) == [292]
    assert suggest(-5, levels, orderable=False, order_multiple=6) == [6]
    assert suggest(-5, levels, orderable=False, maximum_order=4) == [4]


def test_without_demand_only_backorders_are_ordered():
    levels = levels_of(forecast([[0.0] * 30]))
    assert suggest(0, levels) == [0]
    assert suggest(-3, levels) == [3]


def test_noise_of_sums_does_not_order_one_more():
    levels = levels_of(forecast([[0.1] * 30]), lead_time=0, review=3, cycle=10)
    assert levels.order_cycle_demand[0] == pytest.approx(1.0)
    assert suggest(int(levels.reorder_point[0]), levels) == [1]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"maximum_order": 5, "order_multiple": 6}, "maximum_order: 5"),
        ({"maximum_order": 10, "minimum_order": 11}, "maximum_order: 10"),
        ({"maximum_order": 11, "minimum_order": 7, "order_multiple": 6}, "maximum_order: 11"),
        ({"service_level": 1.0}, "service_level"),
        ({"service_level": 0.4}, "service_level"),
        ({"review_period_days": 0}, "review_period_days"),
        ({"lead_time_days": 91}, "lead_time_days"),
        ({"order_multiple": 0}, "order_multiple"),
    ],
)
def test_params_that_cannot_be_met(asked, named):
    with pytest.raises(ValueError, match=named):
        ReplenishmentParameters(**asked)


PAIRS = st.lists(st.tuples(st.floats(0, 50), st.floats(0.5, 6), st.floats(0, 1)), min_size=1, max_size=8)


@st.composite
def policies(draw):
    multiple, minimum = draw(st.integers(1, 50)), draw(st.integers(0, 200))
    smallest = multiple * max(-(-minimum // multiple), 1)
    maximum = draw(st.none() | st.integers(smallest, smallest + 500))
    return ReplenishmentParameters(minimum_order=minimum, order_multiple=multiple, maximum_order=maximum)


@settings(max_examples=200)
@given(pairs=PAIRS, policy=policies(), position=st.integers(-200, 500), lead_time=st.integers(0, 40))
def test_a_suggestion_is_nothing_or_a_multiple_within_bounds(pairs, policy, position, lead_time):
    rates, ratios, uncertainties = map(np.array, zip(*pairs, strict=True))
    demand = DemandForecast(np.repeat(rates[:, np.newaxis], 30, axis=1), ratios, uncertainties)
    levels = levels_of(demand, lead_time=lead_time)
    quantity = suggested_quantity(np.full(len(pairs), position), levels, policy, np.ones(len(pairs), dtype=bool))
    ordered = quantity > 0
    assert (quantity % policy.order_multiple == 0).all()
    assert (quantity[ordered] >= policy.minimum_order).all()
    assert (quantity <= (policy.maximum_order or np.inf)).all()
    assert (position <= levels.reorder_point[ordered]).all()
    short = (position <= levels.reorder_point) & (position < levels.order_up_to_level - 1e-5)
    assert ordered[short].all()
    reached = (position + quantity >= levels.order_up_to_level - 1e-5) | (quantity == policy.largest_order)
    assert reached[ordered].all()


@settings(max_examples=100)
@given(pairs=PAIRS, first=st.floats(0.5, 0.999), second=st.floats(0.5, 0.999))
def test_a_higher_service_level_never_keeps_less(pairs, first, second):
    rates, ratios, uncertainties = map(np.array, zip(*pairs, strict=True))
    demand = DemandForecast(np.repeat(rates[:, np.newaxis], 30, axis=1), ratios, uncertainties)
    low, high = (levels_of(demand, service_level=level) for level in sorted((first, second)))
    assert (low.reorder_point <= high.reorder_point).all()
    assert (low.safety_stock <= high.safety_stock).all()
    assert (low.order_up_to_level <= high.order_up_to_level).all()


def test_the_reorder_point_holds_as_often_as_it_promises():
    """Drawn demand of the protection period, whose rate is drawn first, stays within it in 95 % of the cases."""
    draw = np.random.default_rng(3)
    mean, excess = 0.8 * 11, 0.4 * 0.8 * 11 + 0.1 * (0.8 * 11) ** 2
    sample = draw.poisson(draw.gamma(mean**2 / excess, excess / mean, 200_000))
    levels = levels_of(forecast([[0.8] * 30], ratio=1.4, uncertainty=0.1))
    assert 0.95 <= np.mean(sample <= levels.reorder_point[0]) < 0.97
