"""How much demand is to be expected over some days, and with what probability it is more.

The forecast says what each day's demand is expected to be, and how the variance of some days' demand follows from their
expected demand M, as seen in past errors:

    Var = variance_ratio * M + level_uncertainty * M^2

The first part is chance, which averages out over days; the second is the error of the level, which does not. Demand of
several days is therefore taken as a count of that mean and variance: negative binomial, or Poisson where the variance
is not above the mean. Quantiles of single days must not be added up: their sum is far from the quantile of the sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

EXTENSION_DAYS = 7
"""Days at the end of the forecast whose mean stands for every day after it: a week, so that no weekday weighs more."""

LEAST_DEMAND = 1e-10
"""Expected demand below which there is none: of numbers that small the functions of distributions make no sense."""

NEARLY_POISSON = 1e-6
"""Relative excess of the variance over the mean below which the two distributions cannot be told apart."""


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
        return np.asarray(ratio * expected + uncertainty * expected**2)


def quantile(expected: Floats, variance: Floats, probability: float) -> Integers:
    """Return the least count that demand stays within with this probability, elementwise."""
    found = np.zeros(expected.shape, dtype=np.int64)
    poisson, negative = _distributions(expected, variance)
    found[poisson] = stats.poisson.ppf(probability, expected[poisson])
    size, share = _shape(expected[negative], variance[negative])
    found[negative] = stats.nbinom.ppf(probability, size, share)
    return found


def probability_within(count: Integers, expected: Floats, variance: Floats) -> Floats:
    """Return the probability that demand is not above a count, elementwise; none is not above a count below zero."""
    found = np.ones(expected.shape)
    poisson, negative = _distributions(expected, variance)
    possible = np.maximum(count, 0).astype(np.float64)
    found[poisson] = special.pdtr(possible[poisson], expected[poisson])
    size, share = _shape(expected[negative], variance[negative])
    found[negative] = special.betainc(size, possible[negative] + 1, share)
    return np.where(count < 0, 0.0, found)


def _distributions(expected: Floats, variance: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which demand is Poisson and which negative binomial; the rest is none at all."""
    counted = expected > LEAST_DEMAND
    poisson = counted & (variance - expected <= NEARLY_POISSON * expected)
    return poisson, counted & ~poisson


def _shape(expected: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return size and probability of the negative binomial distribution of this mean and variance."""
    return expected**2 / (variance - expected), expected / variance
