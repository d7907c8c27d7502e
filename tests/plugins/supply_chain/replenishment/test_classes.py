"""Classes of value and of regularity."""

from __future__ import annotations

import numpy as np
import pytest

from supply_chain.replenishment.classes import WEEKS, abc_classes, weekly_variation, xyz_classes


def test_abc_by_hand():
    """Of 100: 50 and 30 make 80, 10 and 5 make 95, the rest is 3, 2 and nothing."""
    assert "".join(abc_classes(np.array([3.0, 50, 5, 30, 0, 10, 2]))) == "CABACBC"


def test_the_largest_is_a_however_large():
    assert abc_classes(np.array([1.0, 99.0])).tolist() == ["C", "A"]
    assert abc_classes(np.array([7.0])).tolist() == ["A"]


def test_without_any_value_all_are_c():
    assert abc_classes(np.zeros(3)).tolist() == ["C"] * 3


def test_equal_values_are_classed_in_their_order():
    assert "".join(abc_classes(np.ones(10))) == "AAAAAAAABB"[:10]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [([10] * 26, "X"), ([10, 30] * 13, "X"), ([10, 31] * 13, "Y"), ([0, 10] * 13, "Y"), ([0, 0, 10] * 8, "Z")],
)
def test_xyz_of_weeks(weeks, expected):
    weeks = np.array(weeks + [0] * (WEEKS - len(weeks)), dtype=float)
    variation = weekly_variation(np.array([weeks.sum()]), np.array([(weeks**2).sum()]))
    assert variation[0] == pytest.approx(weeks.std() / weeks.mean())
    assert xyz_classes(variation).tolist() == [expected]


def test_no_demand_cannot_be_told():
    variation = weekly_variation(np.zeros(1), np.zeros(1))
    assert np.isnan(variation).all()
    assert xyz_classes(variation).tolist() == ["Z"]
