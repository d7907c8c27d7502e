"""What kind of demand a series has: its class, and whether it is new or has stopped."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEW_DAYS = 60
"""A product is new for so long: there is too little history for a model."""

STOPPED_PROBABILITY = 1e-4
"""A gap less likely than this means that the product is not sold any more."""

SHORTEST_GAP = 5
"""Days without a sale that are never but chance: a long weekend stops nothing."""

FEWEST_SALES = 10
"""Days with sales below which a gap says nothing."""

ACTIVITY_DAYS = 364

REGULAR_INTERVAL = 1.32
STEADY_VARIATION = 0.49


class Segment(StrEnum):
    """Classes by how often and how evenly there is demand."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


class Status(StrEnum):
    """What stands behind a forecast."""

    OK = "ok"
    NEW = "new"
    STOPPED = "stopped"
    FAILED = "failed"


def segments(demand: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.str_]:
    """Classify series by their mean interval between days with demand and the squared variation of its size.

    The limits 1.32 and 0.49 are those of Syntetos, Boylan, Croston, On the categorization of demand patterns (JORS 56,
    2005).

    Args:
        demand: units per day until the cutoff, shape (series, days).
        starts: number of the day of each series' first sale.
    """
    sold = demand > 0
    count = np.maximum(sold.sum(axis=1), 1)
    interval = np.maximum(demand.shape[1] - starts, 1) / count
    mean = demand.sum(axis=1) / count
    spread = np.maximum((demand**2).sum(axis=1) / count - mean**2, 0)
    variation = spread / np.maximum(mean, 1e-9) ** 2
    regular, steady = interval < REGULAR_INTERVAL, variation < STEADY_VARIATION
    return np.select(
        [regular & steady, regular, steady],
        [Segment.SMOOTH.value, Segment.ERRATIC.value, Segment.INTERMITTENT.value],
        Segment.LUMPY.value,
    )


def stopped(demand: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which series have stopped: the days since their last sale are too many to be chance.

    With p the share of days with sales in the year before the gap, a gap of n days has probability (1 - p)^n.
    """
    found = np.zeros(len(demand), dtype=bool)
    sold = demand > 0
    days = demand.shape[1]
    starts = np.where(sold.any(axis=1), sold.argmax(axis=1), days)
    lasts = days - 1 - sold[:, ::-1].argmax(axis=1)
    for row in np.flatnonzero((sold.sum(axis=1) >= FEWEST_SALES) & (days - 1 - lasts >= SHORTEST_GAP)):
        last = lasts[row]
        active = sold[row, max(starts[row], last + 1 - ACTIVITY_DAYS) : last + 1]
        # Half a sale more and less than seen: a share of one would make a gap of one day impossible.
        share = (active.sum() - 0.5) / len(active)
        found[row] = (1 - share) ** (days - 1 - last) < STOPPED_PROBABILITY
    return found


def is_new(starts: NDArray[np.int64], days: int) -> NDArray[np.bool_]:
    """Say which series sold for the first time less than :data:`NEW_DAYS` before the cutoff."""
    return np.asarray(days - starts < NEW_DAYS)
