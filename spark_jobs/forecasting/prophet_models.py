"""The Prophet models: which configurations there are, and fits of many series of one calendar at once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, cast

import cmdstanpy  # noqa: F401 - it sets its logger's level when it is imported, so that must come first
import numpy as np
import pandas as pd
from prophet import Prophet
from prophet.models import TrendIndicator

from forecasting.optimiser import Design, InProcessProphet, maximise

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

for _name in ("prophet", "cmdstanpy"):
    # They would write several lines per series.
    logging.getLogger(_name).disabled = True

FEWEST_DAYS = 60
"""A shorter history is not fitted: weekday and level could not be told apart."""

START_STEP = 28
"""Histories begin at multiples of this many days, so that series share their designs."""


class Backend(StrEnum):
    """How the posterior is maximised."""

    IN_PROCESS = "in_process"
    CMDSTAN = "cmdstan"


@dataclass(frozen=True)
class Configuration:
    """One way to use Prophet.

    Attributes:
        name: the model's name in the tables.
        growth: flat or linear.
        changepoints: possible bends of the trend.
        changepoint_scale: Prophet's ``changepoint_prior_scale``.
        weekly_order: Fourier order of the week.
        weekly_scale: its prior scale.
        yearly_order: Fourier order of the year; 0 for none.
        yearly_scale: its prior scale.
        yearly_from_days: history without which the year is left out.
    """

    name: str
    growth: Literal["linear", "logistic", "flat"]
    changepoints: int
    changepoint_scale: float
    weekly_order: int
    weekly_scale: float
    yearly_order: int = 0
    yearly_scale: float = 10.0
    yearly_from_days: int = 365

    def model(self, days: int, factory: type[Prophet] = InProcessProphet) -> Prophet:
        """Return an unfitted Prophet.

        Args:
            days: length of the history.
            factory: the class, which decides the backend.
        """
        model = factory(
            growth=self.growth,
            n_changepoints=self.changepoints,
            changepoint_prior_scale=self.changepoint_scale,
            weekly_seasonality=False,
            yearly_seasonality=False,
            daily_seasonality=False,
            uncertainty_samples=0,
        )
        model.add_seasonality("weekly", 7, self.weekly_order, prior_scale=self.weekly_scale)
        if self.yearly_order and days >= self.yearly_from_days:
            model.add_seasonality("yearly", 365.25, self.yearly_order, prior_scale=self.yearly_scale)
        return model


LEVEL = Configuration("prophet_level", "flat", 0, 0.05, weekly_order=3, weekly_scale=0.1)
"""A level and a cautious week: the default, hard to beat where there is no season."""

SEASON = Configuration(
    "prophet_season", "linear", 10, 0.01, weekly_order=3, weekly_scale=10, yearly_order=3, yearly_scale=0.05
)
"""A slow trend, week and year."""

CONFIGURATIONS = (LEVEL, SEASON)


def forecast(
    demand: NDArray[np.float64],
    starts: NDArray[np.int64],
    first_day: date,
    horizon: int,
    configuration: Configuration,
    *,
    backend: Backend = Backend.IN_PROCESS,
) -> NDArray[np.float64]:
    """Forecast the days that follow the demand.

    Args:
        demand: units per day until the cutoff, shape (series, days).
        starts: number of the first day of each series' history.
        first_day: the day of the first column.
        horizon: days to forecast.
        configuration: the model.
        backend: how to maximise its posterior.

    Returns:
        Expected units per day, shape (series, horizon), never below zero. NaN for a series with less history than
        :data:`FEWEST_DAYS`, and for one whose fit failed.
    """
    days = demand.shape[1]
    found = np.full((len(demand), horizon), np.nan)
    rounded = -(-starts // START_STEP) * START_STEP
    for start in np.unique(rounded[days - rounded >= FEWEST_DAYS]):
        rows = np.flatnonzero(rounded == start)
        begin = first_day + timedelta(days=int(start))
        found[rows] = _forecast_together(demand[rows, start:], begin, horizon, configuration, backend)
    return found


def _forecast_together(
    history: NDArray[np.float64], begin: date, horizon: int, configuration: Configuration, backend: Backend
) -> NDArray[np.float64]:
    """Forecast series of one calendar; where the common fit fails, each by itself, with CmdStan."""
    if backend is Backend.IN_PROCESS:
        try:
            found = _batch(history, begin, horizon, configuration)
        except np.linalg.LinAlgError:
            found = np.full((len(history), horizon), np.nan)
    else:
        found = np.full((len(history), horizon), np.nan)
    for row in np.flatnonzero(~np.isfinite(found).all(axis=1)):
        found[row] = _with_cmdstan(history[row], begin, horizon, configuration)
    return np.maximum(found, 0)


def _batch(
    history: NDArray[np.float64], begin: date, horizon: int, configuration: Configuration
) -> NDArray[np.float64]:
    design, ahead = _designs(begin, history.shape[1], horizon, configuration)
    # Prophet scales each series by its largest value.
    scale = np.maximum(np.abs(history).max(axis=1), 1e-9)[:, None]
    return cast("NDArray[np.float64]", maximise(design, history / scale).parameters @ ahead.T * scale)


@lru_cache(maxsize=256)
def _designs(begin: date, days: int, horizon: int, configuration: Configuration) -> tuple[Design, NDArray[np.float64]]:
    """Let Prophet prepare one series, and return the design of its history and the matrix of the days ahead."""
    calendar = pd.Series(pd.date_range(begin, periods=days + horizon))
    model = configuration.model(days)
    # Prophet looks at the values only to scale them; they must differ.
    data = model.preprocess(pd.DataFrame({"ds": calendar[:days], "y": np.arange(days) % 2 + 1.0}))
    future = model.setup_dataframe(pd.DataFrame({"ds": calendar[days:]}))
    features = model.make_all_seasonality_features(future)[0]
    trend = TrendIndicator(data.trend_indicator)

    def design(time: object, seasonality: object) -> Design:
        return Design.of(
            trend,
            time=np.asarray(time, dtype=np.float64),
            changes=np.asarray(data.t_change, dtype=np.float64),
            seasonality=np.asarray(seasonality, dtype=np.float64),
            sigmas=np.asarray(data.sigmas, dtype=np.float64),
            scale=data.tau,
        )

    return design(data.t, data.X), design(future["t"], features).matrix


def _with_cmdstan(
    history: NDArray[np.float64], begin: date, horizon: int, configuration: Configuration
) -> NDArray[np.float64]:
    model = configuration.model(len(history), Prophet)
    calendar = pd.Series(pd.date_range(begin, periods=len(history) + horizon))
    try:
        model.fit(pd.DataFrame({"ds": calendar[: len(history)], "y": history}))
        predicted = model.predict(pd.DataFrame({"ds": calendar[len(history) :]}))
    except (RuntimeError, ValueError):
        # One series that cannot be fitted must not take the others with it; its caller falls back to a mean.
        return np.full(horizon, np.nan)
    return predicted["yhat"].to_numpy(dtype=np.float64)
