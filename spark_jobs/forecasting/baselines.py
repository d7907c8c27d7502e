"""Forecasts without a fitted model: what every other forecast has to beat, and what serves where demand is rare.

Every function takes the demand until the cutoff, shape (series, days), and returns expected units per day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEK = 7
MEAN_DAYS = 182
TSB_SIZE_WEIGHT = 0.1
TSB_PROBABILITY_WEIGHT = 0.02


def last_week(demand: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the demand of the last seven days, in order, zeros before the calendar: shape (series, 7)."""
    week = demand[:, -WEEK:]
    return np.pad(week, ((0, 0), (WEEK - week.shape[1], 0)))


def seasonal_naive(demand: NDArray[np.float64], horizon: int) -> NDArray[np.float64]:
    """Repeat the last week: shape (series, horizon)."""
    return np.tile(last_week(demand), (1, -(-horizon // WEEK)))[:, :horizon]


def moving_mean(demand: NDArray[np.float64], starts: NDArray[np.int64], days: int = MEAN_DAYS) -> NDArray[np.float64]:
    """Return the mean of the last days, or of those since the first sale where they are fewer: shape (series,)."""
    window = demand[:, -days:]
    lived = np.clip(demand.shape[1] - starts, 1, window.shape[1])
    return np.asarray(window.sum(axis=1) / lived)


def tsb(demand: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Smooth the probability of a sale every day, and its size when there is one: shape (series,).

    Unlike Croston's method the forecast falls while nothing is sold (Teunter, Syntetos, Babai, Intermittent demand:
    linking forecasting to inventory obsolescence, EJOR 214, 2011).
    """
    sold = demand > 0
    count = np.maximum(sold.sum(axis=1), 1)
    # Both begin at the series' own means, so that a long history forgets them and a short one is not far off.
    size = demand.sum(axis=1) / count
    probability = sold.sum(axis=1) / np.maximum(demand.shape[1] - starts, 1)
    for day in range(demand.shape[1]):
        lives = starts <= day
        today = sold[:, day]
        probability = np.where(lives, probability + TSB_PROBABILITY_WEIGHT * (today - probability), probability)
        size = np.where(today, size + TSB_SIZE_WEIGHT * (demand[:, day] - size), size)
    return np.asarray(probability * size)
