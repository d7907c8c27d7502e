"""How much demand is to be expected over some days, and how far it may be from that.

The forecast says what each day's demand is expected to be, and by :func:`supply_chain.demand_distribution.variance` how
the variance of some days' demand follows from it, as seen in past errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supply_chain import demand_distribution

if TYPE_CHECKING:
    from supply_chain.demand_distribution import Floats, Integers

EXTENSION_DAYS = 7
"""Days at the end of the forecast whose mean stands for every day after it: a week, so that no weekday weighs more."""


@dataclass(frozen=True)
class DemandForecast:
    """The demand of many pairs of store and product.

    Attributes:
        daily: expected demand, shape (pairs, days).
        variance_ratio: per pair.
        level_uncertainty: per pair.
    """

    daily: Floats
    variance_ratio: Floats
    level_uncertainty: Floats

    @property
    def days(self) -> int:
        """How many days the forecast has."""
        return int(self.daily.shape[1])

    @cached_property
    def cumulated(self) -> Floats:
        """Demand expected from the first day to each day, that day included."""
        return np.cumsum(self.daily, axis=1)

    def over(self, days: Integers) -> Floats:
        """Return the demand expected in each pair's first ``days`` days.

        Days after the forecast's end count as the mean of its last :data:`EXTENSION_DAYS` days.
        """
        within = np.minimum(days, self.days)
        known = np.concatenate([np.zeros((len(self.daily), 1)), self.cumulated], axis=1)
        expected = known[np.arange(len(known)), within]
        return np.asarray(expected + (days - within) * self.daily[:, -EXTENSION_DAYS:].mean(axis=1))

    def variance(self, expected: Floats) -> Floats:
        """Return the variance of the demand of some days, given what is expected; pairs are the first dimension."""
        shape = (-1,) + (1,) * (expected.ndim - 1)
        ratio, uncertainty = self.variance_ratio.reshape(shape), self.level_uncertainty.reshape(shape)
        return demand_distribution.variance(expected, ratio, uncertainty)
