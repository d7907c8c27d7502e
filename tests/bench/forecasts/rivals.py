"""The ways that the forecasts are measured against: each takes demand until a cutoff and says what 28 days bring."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cmdstanpy  # noqa: F401 - sets its logger's level when it is imported
import numpy as np
import pandas as pd
from prophet import Prophet

from forecasting import baselines, distribution
from forecasting.metrics import Quantiles
from forecasting.stages import quantiles

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

for _name in ("prophet", "cmdstanpy"):
    logging.getLogger(_name).disabled = True

INTERVAL = 0.8


@dataclass(frozen=True)
class Forecast:
    """Expected units per day, shape (series, horizon), and their quantiles."""

    mean: NDArray[np.float64]
    quantiles: Quantiles

    @classmethod
    def joined(cls, parts: list[Forecast]) -> Forecast:
        """Return the forecasts of several sets of series as one."""
        bands = [part.quantiles for part in parts]
        return cls(
            np.concatenate([part.mean for part in parts]),
            Quantiles(
                np.concatenate([band.daily for band in bands], axis=1),
                np.concatenate([band.lower for band in bands]),
                np.concatenate([band.upper for band in bands]),
            ),
        )


def naive(demand: NDArray[np.float64], starts: NDArray[np.int64], horizon: int) -> dict[str, Forecast]:
    """Return the seasonal naive forecast and the mean of 182 days, with quantiles as good as ours."""
    recent = demand[:, -364:]
    alone = np.arange(len(recent))
    ratio = distribution.variance_ratios(
        recent, alone, np.zeros_like(alone), np.minimum(demand.shape[1] - starts, recent.shape[1])
    )
    means = {
        "seasonal naive": baselines.seasonal_naive(demand, horizon),
        "mean of 182 days": np.repeat(baselines.moving_mean(demand, starts)[:, None], horizon, axis=1),
    }
    nothing = np.zeros(len(demand))
    return {name: Forecast(mean, quantiles(mean, ratio, nothing)) for name, mean in means.items()}


def previous_way(series: NDArray[np.float64], first_day: date, horizon: int) -> Forecast:
    """Forecast one series as the former system did: selling days only, a month as the only season, whole units."""
    history = _history(series, first_day)
    history = history[history["y"] > 0]
    if len(history) < 2:
        return _flat(horizon, 0.0)
    model = Prophet(
        weekly_seasonality=False, yearly_seasonality=False, daily_seasonality=False, interval_width=INTERVAL
    )
    model.add_seasonality("monthly", 30.5, 5)
    return _predict(model, history, series, first_day, horizon, whole=True)


def stock_prophet(series: NDArray[np.float64], first_day: date, horizon: int) -> Forecast:
    """Forecast one series with Prophet as it comes, on every day since the first sale."""
    start = int((series > 0).argmax())
    history = _history(series, first_day).iloc[start:]
    return _predict(Prophet(interval_width=INTERVAL), history, series, first_day, horizon, whole=False)


def _history(series: NDArray[np.float64], first_day: date) -> pd.DataFrame:
    return pd.DataFrame({"ds": pd.date_range(first_day, periods=len(series)), "y": series})


def _predict(
    model: Prophet, history: pd.DataFrame, series: NDArray[np.float64], first_day: date, horizon: int, *, whole: bool
) -> Forecast:
    # Both draw their intervals at random.
    np.random.seed(1)
    model.fit(history)
    days = pd.date_range(first_day, periods=len(series) + horizon)[len(series) :]
    predicted = model.predict(pd.DataFrame({"ds": days}))
    names = ["yhat", "yhat_lower", "yhat_upper"]
    mean, lower, upper = (np.maximum(predicted[name].to_numpy(), 0) for name in names)
    if whole:
        mean, lower, upper = np.trunc(mean), np.trunc(lower), np.trunc(upper)
    # The interval of a sum: the days' own widths, taken as independent, which is what such a system would have.
    spread = np.sqrt(np.sum(((upper - lower) / 2) ** 2))
    total = mean.sum()
    return Forecast(
        mean[None],
        Quantiles(
            np.stack([lower, mean, upper])[:, None],
            np.array([np.floor(max(total - spread, 0))]),
            np.array([np.ceil(total + spread)]),
        ),
    )


def _flat(horizon: int, level: float) -> Forecast:
    mean = np.full((1, horizon), level)
    return Forecast(mean, Quantiles(np.stack([mean] * 3), np.array([0.0]), np.array([level * horizon])))
