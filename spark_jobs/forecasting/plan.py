"""What is to be forecast, and in which windows the models are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from forecasting.prophet_models import Backend

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

BACKTEST_DAYS = 28
BACKTESTS = (28, 119, 210)
"""Days before the cutoff at which the reported backtests begin: a quarter apart, so that no season is missed."""

SHORT_DAYS = 7
FEWEST_TRAINING_DAYS = 120
"""History without which a backtest says nothing."""


@dataclass(frozen=True)
class Change:
    """A what-if: the demand of some days, products or stores is multiplied.

    Attributes:
        factor: by which it is multiplied.
        first_day, last_day: days of the calendar; None is not narrowed.
        keys: the id that a series has to have, by ``product_id``, ``category_id`` or ``retailer_id``.
    """

    factor: float
    first_day: date | None = None
    last_day: date | None = None
    keys: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Plan:
    """One forecast.

    Attributes:
        first_day: first day of the history, number 0.
        cutoff: first day of the forecast.
        horizon: days to forecast.
        changes: of the expected demand, for a what-if; several of one day are multiplied.
        product_ids: products whose series are wanted; empty for all.
        retailer_ids: stores whose series are wanted; empty for all.
        frequent_days: days with sales from which on a pair is fitted by itself.
        backend: how Prophet's posterior is maximised.
        backtests: days before the cutoff at which reported backtests begin.
    """

    first_day: date
    cutoff: date
    horizon: int
    changes: tuple[Change, ...] = ()
    product_ids: frozenset[int] = field(default_factory=frozenset)
    retailer_ids: frozenset[int] = field(default_factory=frozenset)
    frequent_days: int = 100
    backend: Backend = Backend.IN_PROCESS
    backtests: tuple[int, ...] = BACKTESTS

    @property
    def days(self) -> int:
        """Length of the history; the number of the cutoff."""
        return (self.cutoff - self.first_day).days

    @property
    def reported(self) -> tuple[int, ...]:
        """Day numbers at which the reported backtests begin, in order of time."""
        return tuple(sorted(self.days - back for back in self.backtests if self._is_long_enough(self.days - back)))

    @property
    def windows(self) -> tuple[int, ...]:
        """Day numbers of all backtests: each reported one has one more before it, from which it can choose."""
        earlier = (number - BACKTEST_DAYS for number in self.reported)
        return tuple(sorted({*self.reported, *filter(self._is_long_enough, earlier)}))

    def multipliers(self, keys: pd.DataFrame) -> NDArray[np.float64]:
        """Return by what the expected demand of each pair and day is multiplied, shape (pairs, horizon)."""
        found = np.ones((len(keys), self.horizon))
        for change in self.changes:
            first = (change.first_day - self.cutoff).days if change.first_day else 0
            last = (change.last_day - self.cutoff).days if change.last_day else self.horizon - 1
            rows = np.ones(len(keys), dtype=bool)
            for name, number in change.keys:
                rows &= (keys[name] == number).to_numpy()
            found[rows, max(first, 0) : max(last + 1, 0)] *= change.factor
        return found

    def day(self, number: int) -> date:
        """Return a day by its number."""
        return self.first_day + timedelta(days=number)

    def _is_long_enough(self, number: int) -> bool:
        return number >= FEWEST_TRAINING_DAYS
