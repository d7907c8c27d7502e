"""Demand as a matrix: one row per series, one column per day, zero where nothing was sold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Panel:
    """The daily demand of some series.

    Attributes:
        keys: what each series is, one row per series with an index from 0.
        values: units per day, shape (series, days).
        first_day: the day of the first column.
    """

    keys: pd.DataFrame
    values: NDArray[np.float64]
    first_day: date

    @classmethod
    def from_rows(cls, rows: pd.DataFrame, keys: Sequence[str], first_day: date, days: int) -> Panel:
        """Complete sparse rows to a full calendar.

        Args:
            rows: columns ``day`` (number of days since ``first_day``), ``quantity`` and the keys; rows of one series
                and day are added up.
            keys: the columns that name a series.
            first_day: the day that is number 0.
            days: length of the calendar.

        Raises:
            IndexError: a row lies outside the calendar.
        """
        groups = rows.groupby(list(keys), sort=True)
        values = np.zeros((groups.ngroups, days))
        np.add.at(
            values, (groups.ngroup().to_numpy(), rows["day"].to_numpy()), rows["quantity"].to_numpy(dtype=np.float64)
        )
        names = groups.size().index.to_frame(index=False)
        return cls(names, values, first_day)

    @property
    def days(self) -> int:
        """Length of the calendar."""
        return int(self.values.shape[1])

    @property
    def starts(self) -> NDArray[np.int64]:
        """Number of the day of each series' first sale; the length of the calendar where there is none."""
        sold = self.values > 0
        return np.where(sold.any(axis=1), sold.argmax(axis=1), self.days)

    def day(self, number: int) -> date:
        """Return the day of a column; numbers beyond the calendar are days after it."""
        return self.first_day + timedelta(days=number)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Panel:
        """Return the panel of some of the series, in their order."""
        keys = self.keys[chosen] if chosen.dtype == bool else self.keys.iloc[chosen]
        return Panel(keys.reset_index(drop=True), self.values[chosen], self.first_day)

    def summed(self, keys: Sequence[str]) -> Panel:
        """Return the sums of the series that agree in some of the keys."""
        groups = self.keys.groupby(list(keys), sort=True)
        values = np.zeros((groups.ngroups, self.days))
        np.add.at(values, groups.ngroup().to_numpy(), self.values)
        return Panel(groups.size().index.to_frame(index=False), values, self.first_day)
