from __future__ import annotations

import numpy as np
import pytest

from forecasting import baselines


def test_the_seasonal_naive_repeats_the_last_week():
    demand = np.arange(10.0)[None]
    assert baselines.seasonal_naive(demand, 9).tolist() == [[3, 4, 5, 6, 7, 8, 9, 3, 4]]


def test_a_history_shorter_than_a_week_begins_with_zeros():
    assert baselines.last_week(np.array([[1.0, 2.0]])).tolist() == [[0, 0, 0, 0, 0, 1, 2]]


def test_the_moving_mean_counts_days_since_the_first_sale_only():
    demand = np.zeros((2, 400))
    demand[0, -10:] = 3
    demand[1, :] = 2
    assert baselines.moving_mean(demand, np.array([390, 0])) == pytest.approx([3, 2])
    assert baselines.moving_mean(demand, np.array([0, 0])) == pytest.approx([30 / 182, 2])


def test_tsb_falls_while_nothing_is_sold_and_is_right_for_a_steady_series():
    steady = np.full((1, 300), 4.0)
    ended = np.concatenate([np.full((1, 200), 4.0), np.zeros((1, 100))], axis=1)
    start = np.array([0])
    assert baselines.tsb(steady, start) == pytest.approx([4])
    # From a probability of one it falls by the weight every day.
    shorter, longer = baselines.tsb(ended[:, :250], start), baselines.tsb(ended, start)
    assert longer[0] / shorter[0] == pytest.approx((1 - baselines.TSB_PROBABILITY_WEIGHT) ** 50, rel=0.2)
    assert longer[0] < shorter[0] < 4


def test_tsb_is_near_the_mean_of_a_rare_series():
    random = np.random.default_rng(2)
    demand = random.poisson(0.1, (200, 700)).astype(float)
    assert baselines.tsb(demand, np.zeros(200, dtype=int)).mean() == pytest.approx(0.1, rel=0.1)
