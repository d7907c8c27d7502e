"""How far demand strays from what is expected, as past demand and past errors show.

These are the two numbers of :func:`supply_chain.demand_distribution.variance`: the ratio of variance to mean, and the
squared relative error of the level. Prophet's own bands are Gaussian, which is wrong for counts near zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PROBABILITIES = (0.1, 0.5, 0.9)
LARGEST_UNCERTAINTY = 1.0
STEP_UNCERTAINTY = 0.05
STEP_FACTOR = 4.0
"""A window shows a step of the level where its squared relative error is above the first, and so many times above that
of the other windows."""

LARGEST_SHARE_OF_STEPS = 1 / 3
"""Where more windows than these show a step, the level does change that often."""

PRIOR_DEMAND = 20.0
"""Units of demand that the ratio of a pool counts for in that of a group."""


def variance_ratios(
    demand: NDArray[np.float64], groups: NDArray[np.int64], pools: NDArray[np.int64], lived: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the ratio of variance to mean of daily demand, of each series' group; 1 at least.

    The variance is half the mean squared change from day to day (von Neumann): of independent days it is the same as
    the one around the mean, and a step of the level counts on a single day instead of on all of them.

    Args:
        demand: units per day, shape (series, days).
        groups: number of each series' group, from 0; a group has one ratio.
        pools: number of each series' pool, from 0; the ratio of a rare group is drawn toward that of its pool.
        lived: days since each series' first sale.
    """
    days = demand.shape[1]
    lived = np.clip(lived, 1, days)
    total = demand.sum(axis=1)
    # The days before the first sale are zeros in the matrix and no observations.
    observed = np.arange(1, days) > days - lived[:, None]
    squares = (np.diff(demand, axis=1) ** 2 * observed).sum(axis=1) / 2
    spread = squares * lived / np.maximum(lived - 1, 1)
    of_pool = np.bincount(pools, spread) / np.maximum(np.bincount(pools, total), 1e-9)
    of_group = np.bincount(groups, spread)[groups], np.bincount(groups, total)[groups]
    return np.maximum((of_group[0] + PRIOR_DEMAND * of_pool[pools]) / (of_group[1] + PRIOR_DEMAND), 1.0)


def level_uncertainty(squared_errors: float, chance: float, squared_means: float) -> float:
    """Return the squared relative error of the level that past errors show beyond chance.

    Args:
        squared_errors: sum of squared errors of totals over backtest windows.
        chance: sum of the variances that chance alone would give them.
        squared_means: sum of the squared expected totals.
    """
    if squared_means <= 0:
        return 0.0
    return float(np.clip((squared_errors - chance) / squared_means, 0.0, LARGEST_UNCERTAINTY))


def uncertainty_of_windows(windows: Sequence[tuple[float, float, float]]) -> float | None:
    """Return the squared relative error of the level over several windows, those that straddle a step left out.

    One window in which the level halved says nothing of the days to come, and would widen every band for as long as it
    is looked at.

    Args:
        windows: the arguments of :func:`level_uncertainty`, for each window.

    Returns:
        None where no window expected anything.
    """
    left = sorted((each for each in windows if each[2] > 0), key=lambda each: level_uncertainty(*each))
    for _ in range(int(len(left) * LARGEST_SHARE_OF_STEPS)):
        others = level_uncertainty(*np.sum(left[:-1], axis=0))
        if level_uncertainty(*left[-1]) <= max(STEP_UNCERTAINTY, STEP_FACTOR * others):
            break
        left = left[:-1]
    return level_uncertainty(*np.sum(left, axis=0)) if left else None
