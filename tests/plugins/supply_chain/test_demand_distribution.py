"""Quantiles of demand over days, held against demand that is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from supply_chain import demand_distribution
from supply_chain.demand_distribution import probability_within, quantile

MEANS = np.array([1e-9, 0.003, 0.05, 0.33, 1.0, 4.2, 37.0, 900.0])


def drawn(mean, variance, count=400_000):
    """Demand whose rate is drawn first: a Gamma mixture of Poisson processes, which does not use what is tested."""
    draw = np.random.default_rng(5)
    excess = variance - mean
    if excess <= 0:
        return draw.poisson(mean, count)
    return draw.poisson(draw.gamma(mean**2 / excess, excess / mean, count))


@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95, 0.995])
@pytest.mark.parametrize("mean", [0.05, 0.33, 4.2, 37.0])
def test_quantiles_are_those_of_drawn_demand(mean, probability):
    variance = 1.6 * mean + 0.15 * mean**2
    found = quantile(np.array([mean]), np.array([variance]), probability)[0]
    sample = drawn(mean, variance)
    assert np.mean(sample <= found) >= probability - 0.003
    assert found == 0 or np.mean(sample <= found - 1) < probability + 0.003


def test_drawn_demand_has_the_variance_of_the_forecast():
    sample = drawn(4.2, 1.6 * 4.2 + 0.15 * 4.2**2)
    assert np.var(sample) == pytest.approx(1.6 * 4.2 + 0.15 * 4.2**2, rel=0.02)


@pytest.mark.parametrize("share", [0.2, 1.0, 1.0 + 1e-9])
def test_a_variance_up_to_the_mean_is_poisson(share):
    assert quantile(MEANS, share * MEANS, 0.95).tolist() == stats.poisson.ppf(0.95, MEANS).tolist()


def test_nothing_is_expected_nothing_is_sold():
    zero = np.zeros(3)
    assert quantile(zero, zero, 0.999).tolist() == [0, 0, 0]
    assert probability_within(np.array([-1, 0, 5]), zero, zero).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(("ratio", "uncertainty"), [(1.0, 0.0), (1.0, 0.3), (1.3, 0.0), (8.0, 1.0), (0.5, 0.0)])
def test_a_quantile_is_the_least_count_of_its_probability(ratio, uncertainty):
    variance = ratio * MEANS + uncertainty * MEANS**2
    for probability in (0.1, 0.5, 0.9, 0.99):
        found = quantile(MEANS, variance, probability)
        assert (probability_within(found, MEANS, variance) >= probability - 1e-9).all()
        assert (probability_within(found - 1, MEANS, variance) < probability + 1e-9).all()


def test_no_stock_holds_no_demand_below_zero():
    assert probability_within(np.array([-3]), np.array([2.0]), np.array([3.0])).tolist() == [0.0]


@given(st.floats(0, 1e6), st.floats(1, 50), st.floats(0, 1))
def test_quantiles_are_in_order_and_whole(mean, ratio, uncertainty):
    means = np.array([mean])
    spread = demand_distribution.variance(means, ratio, uncertainty)
    found = [int(quantile(means, spread, p)[0]) for p in (0.1, 0.5, 0.9)]
    assert found == sorted(found)
    assert found[0] >= 0
