"""How right a forecast was, as sums that add up over parts of the data.

MAPE, daily WAPE and MASE are no guides for demand that is mostly zero: a forecast of zero wins them.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

from forecasting.distribution import PROBABILITIES

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """What came in the days of a forecast, and what is needed to judge it.

    Attributes:
        actual: units per day, shape (series, horizon).
        scale: mean squared change from day to day in each series' history, for the RMSSE.
        seasonal_naive: forecast of the seasonal naive method, shape (series, horizon).
        moving_mean: forecast of the moving mean, shape (series,).
    """

    actual: NDArray[np.float64]
    scale: NDArray[np.float64]
    seasonal_naive: NDArray[np.float64]
    moving_mean: NDArray[np.float64]

    def select(self, rows: NDArray[np.bool_]) -> Window:
        """Return the window of some of the series."""
        return Window(self.actual[rows], self.scale[rows], self.seasonal_naive[rows], self.moving_mean[rows])

    def first(self, days: int) -> Window:
        """Return the window's first days."""
        return Window(self.actual[:, :days], self.scale, self.seasonal_naive[:, :days], self.moving_mean)


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of a forecast.

    Attributes:
        daily: 10, 50 and 90 % quantiles of each day, shape (3, series, horizon).
        lower: 10 % quantile of the total over the horizon, shape (series,).
        upper: 90 % quantile of it.
    """

    daily: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]

    def select(self, rows: NDArray[np.bool_]) -> Quantiles:
        """Return the quantiles of some of the series."""
        return Quantiles(self.daily[:, rows], self.lower[rows], self.upper[rows])


@dataclass(frozen=True)
class Errors:
    """Sums over series from which the metrics follow; those of two sets of series can be added."""

    series: float = 0.0
    days: float = 0.0
    actual: float = 0.0
    total_error: float = 0.0
    daily_error: float = 0.0
    surplus: float = 0.0
    rmsse: float = 0.0
    rmsse_series: float = 0.0
    naive_total_error: float = 0.0
    mean_total_error: float = 0.0
    pinball_10: float = 0.0
    pinball_50: float = 0.0
    pinball_90: float = 0.0
    covered: float = 0.0
    with_quantiles: float = 0.0

    def __add__(self, other: Errors) -> Errors:
        return Errors(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def metrics(self) -> dict[str, float | None]:
        """Return the metrics, by the names of the columns of ``forecast_accuracy``; None for what has no value."""
        naive = min(self.naive_total_error, self.mean_total_error)
        daily = self.actual / self.days if self.days else 0.0
        judged = self.with_quantiles > 0
        return {
            "wape_total": _ratio(self.total_error, self.actual),
            "wape_daily": _ratio(self.daily_error, self.actual),
            "bias": _ratio(self.surplus, self.actual),
            "rmsse": _ratio(self.rmsse, self.rmsse_series),
            "pinball_10": _ratio(self.pinball_10 / max(self.days, 1), daily) if judged else None,
            "pinball_50": _ratio(self.pinball_50 / max(self.days, 1), daily) if judged else None,
            "pinball_90": _ratio(self.pinball_90 / max(self.days, 1), daily) if judged else None,
            "coverage_80": _ratio(self.covered, self.with_quantiles),
            "skill": None if naive <= 0 else 1 - self.total_error / naive,
        }


def errors(window: Window, forecast: NDArray[np.float64], quantiles: Quantiles | None = None) -> Errors:
    """Measure a forecast.

    Args:
        window: what came.
        forecast: expected units per day, shape (series, horizon).
        quantiles: its quantiles, where there are any.
    """
    actual = window.actual
    series, horizon = actual.shape
    difference = forecast - actual
    scaled = window.scale > 0
    totals = actual.sum(axis=1)
    pinball = covered = None
    if quantiles is not None:
        pinball = [_pinball(actual, found, p) for found, p in zip(quantiles.daily, PROBABILITIES, strict=True)]
        covered = float(np.sum((quantiles.lower <= totals) & (totals <= quantiles.upper)))
    return Errors(
        series=series,
        days=series * horizon,
        actual=float(actual.sum()),
        total_error=float(np.abs(difference.sum(axis=1)).sum()),
        daily_error=float(np.abs(difference).sum()),
        surplus=float(difference.sum()),
        rmsse=float(np.sqrt((difference[scaled] ** 2).mean(axis=1) / window.scale[scaled]).sum()),
        rmsse_series=float(scaled.sum()),
        naive_total_error=float(np.abs(window.seasonal_naive.sum(axis=1) - totals).sum()),
        mean_total_error=float(np.abs(window.moving_mean * horizon - totals).sum()),
        pinball_10=pinball[0] if pinball else 0.0,
        pinball_50=pinball[1] if pinball else 0.0,
        pinball_90=pinball[2] if pinball else 0.0,
        covered=covered or 0.0,
        with_quantiles=series if quantiles is not None else 0.0,
    )


def rmsse_scale(demand: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean squared change from day to day since the first sale: the M5 competition's scale, shape (series,).

    Zero where the history is shorter than two days.
    """
    days = demand.shape[1]
    changes = np.diff(demand, axis=1) ** 2
    # The step from nothing to the first sale belongs to no history.
    begun = np.arange(days - 1)[None, :] >= starts[:, None]
    counts = np.maximum(days - 1 - starts, 1)
    return np.asarray((changes * begun).sum(axis=1) / counts)


def _pinball(actual: NDArray[np.float64], quantile: NDArray[np.float64], probability: float) -> float:
    below = actual - quantile
    return float(np.maximum(probability * below, (probability - 1) * below).sum())


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
