from __future__ import annotations

import numpy as np
import pytest

from forecasting import distribution


def test_the_ratio_of_a_poisson_process_is_one_and_of_packs_of_three_is_three():
    random = np.random.default_rng(8)
    singles = random.poisson(2.0, (50, 364)).astype(float)
    packs = 3 * random.poisson(2.0, (50, 364)).astype(float)
    groups = np.repeat([0, 1], 50)
    found = distribution.variance_ratios(np.vstack([singles, packs]), groups, np.zeros(100, int), np.full(100, 364))
    assert found == pytest.approx(np.repeat([1, 3], 50), rel=0.05)


def test_a_rare_group_has_the_ratio_of_its_pool():
    random = np.random.default_rng(8)
    packs = 3 * random.poisson(2.0, (20, 364)).astype(float)
    packs[0] = 0
    packs[0, 7] = 1
    pools = np.zeros(20, dtype=int)
    assert distribution.variance_ratios(packs, np.arange(20), pools, np.full(20, 364))[0] == pytest.approx(3, rel=0.1)
    alone = distribution.variance_ratios(packs, np.arange(20), np.arange(20), np.full(20, 364))
    assert alone[0] == pytest.approx(1, abs=0.01)


def test_days_before_the_first_sale_are_no_observations():
    late = np.zeros((1, 364))
    late[0, -40:] = np.tile([1.0, 3.0], 20)
    whole = np.tile([1.0, 3.0], 20)[None]
    group = np.array([0])
    found = distribution.variance_ratios(late, group, group, np.array([40]))
    assert found == pytest.approx(distribution.variance_ratios(whole, group, group, np.array([40])))


def test_the_uncertainty_of_a_level_is_what_chance_does_not_explain():
    assert distribution.level_uncertainty(150.0, 100.0, 1_000.0) == pytest.approx(0.05)
    assert distribution.level_uncertainty(90.0, 100.0, 1_000.0) == 0
    assert distribution.level_uncertainty(1e9, 0.0, 1.0) == distribution.LARGEST_UNCERTAINTY


def test_a_window_over_a_step_does_not_make_the_level_uncertain():
    steady = [(90.0 + 10 * number, 100.0, 1_000.0) for number in range(4)]
    step = (900.0, 100.0, 1_000.0)
    usual = distribution.uncertainty_of_windows(steady)
    assert distribution.uncertainty_of_windows([*steady[:2], step, *steady[2:]]) == usual < 0.02
    # Two of six are left out, three of six are how this demand is.
    assert distribution.uncertainty_of_windows([*steady, step, step]) == usual
    assert distribution.uncertainty_of_windows([*steady[:3], step, step, step]) > 0.3


def test_windows_that_differ_by_chance_all_count():
    windows = [(110.0, 100.0, 1_000.0), (130.0, 100.0, 1_000.0), (145.0, 100.0, 1_000.0)]
    assert distribution.uncertainty_of_windows(windows) == pytest.approx(0.085 / 3)
    assert distribution.uncertainty_of_windows([(0.0, 0.0, 0.0)]) is None


def test_a_step_of_the_level_is_not_taken_for_chance():
    random = np.random.default_rng(5)
    steps = np.hstack([random.poisson(350.0, (1, 60)), random.poisson(66.0, (1, 122))]).astype(float)
    one = np.array([0])
    assert distribution.variance_ratios(steps, one, one, np.array([182]))[0] < 4
