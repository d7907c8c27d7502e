"""How likely a count of demand is: negative binomial, or Poisson where the variance is not above the mean.

The demand of some days is expected to be M; its variance is

    Var = ratio * M + uncertainty * M^2

``ratio`` is what chance does from day to day (1 for a Poisson process, more where sales come in several units), and
averages out over days. ``uncertainty`` is the squared relative error of the level, which does not. Quantiles of single
days must not be added up: their sum is far from the quantile of the sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LEAST_DEMAND = 1e-10
"""Expected demand below which there is none: of numbers that small the functions of distributions make no sense."""

NEARLY_POISSON = 1e-6
"""Relative excess of the variance over the mean below which the two distributions cannot be told apart."""


def variance(expected: Floats, ratio: Floats | float, uncertainty: Floats | float) -> Floats:
    """Return the variance of the demand of some days whose sum is expected to be this, elementwise."""
    return np.asarray(ratio * expected + uncertainty * expected**2)


def quantile(expected: Floats, variance: Floats, probability: float) -> Integers:
    """Return the least count that demand stays within with this probability, elementwise."""
    found = np.zeros(expected.shape, dtype=np.int64)
    poisson, negative = _distributions(expected, variance)
    found[poisson] = stats.poisson.ppf(probability, expected[poisson])
    size, share = _shape(expected[negative], variance[negative])
    # Most pairs sell nothing on most days: where that alone is likely enough there is nothing to search for.
    values = np.zeros(size.shape, dtype=np.int64)
    open_ = np.exp(size * np.log(share)) < probability
    values[open_] = stats.nbinom.ppf(probability, size[open_], share[open_])
    found[negative] = values
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
