"""Classes of importance and of regularity, by which planners sort their work.

ABC goes by value: A are the pairs that make the first 80 % of it, B the next 15 %, C the rest. XYZ goes by how demand
varies from week to week: X is steady, Y varies, Z cannot be told from one week to the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supply_chain.demand_distribution import Floats

SHARE_OF_A = 0.80
SHARE_OF_A_AND_B = 0.95
HIGHEST_VARIATION_OF_X = 0.5
HIGHEST_VARIATION_OF_Y = 1.0

WEEKS = 26
"""Weeks before the cutoff whose demand is compared: half a year, 182 days."""


def abc_classes(value: Floats) -> NDArray[np.str_]:
    """Class pairs by value: the one with which a share is reached still belongs to it, so the largest is always A.

    Among equal values the earlier pair goes first. A pair without value is C.
    """
    order = np.argsort(-value, kind="stable")
    total = value.sum()
    before = np.concatenate([[0.0], np.cumsum(value[order])[:-1]]) / (total if total > 0 else 1.0)
    classes = np.empty(len(value), dtype="<U1")
    classes[order] = np.select([before < SHARE_OF_A, before < SHARE_OF_A_AND_B], ["A", "B"], "C")
    classes[value <= 0] = "C"
    return classes


def weekly_variation(demand: Floats, squared_demand: Floats) -> Floats:
    """Return standard deviation / mean of weekly demand.

    Args:
        demand: sum over the :data:`WEEKS`.
        squared_demand: sum of the squares of each week's demand.

    Returns:
        NaN where there was no demand. Weeks before a pair's first sale count as weeks without demand.
    """
    known = demand > 0
    mean = np.where(known, demand, 1.0) / WEEKS
    variance = np.maximum(squared_demand / WEEKS - mean**2, 0.0)
    return np.where(known, np.sqrt(variance) / mean, np.nan)


def xyz_classes(variation: Floats) -> NDArray[np.str_]:
    """Class pairs by the variation of their weekly demand; without demand it is Z."""
    steady, varying = variation <= HIGHEST_VARIATION_OF_X, variation <= HIGHEST_VARIATION_OF_Y
    return np.select([steady, varying], ["X", "Y"], "Z")
