"""One cutoff's forecasts of all products, their categories and the total: candidates, choices, and sums that agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasting import baselines, demand_classes, distribution, metrics, prophet_models
from forecasting.demand_classes import Status
from forecasting.metrics import Errors, Window
from forecasting.plan import BACKTEST_DAYS
from forecasting.selection import Choice, choose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from forecasting.panel import Panel
    from forecasting.plan import Plan

RECENT_DAYS = 364
"""History from which the variance is taken."""

OWN_MEAN_DAYS = 14
"""Days that the mean of its category counts for in the forecast of a new product."""

SUM_OF_PARTS = "sum_of_parts"
EVERYWHERE = "all"


@dataclass(frozen=True)
class Candidates:
    """What every model says of some series at one cutoff, and what is known of them then.

    Attributes:
        keys: what each series is.
        status: of each series.
        segment: its demand class.
        forecasts: expected units per day by model, shape (series, horizon).
        actual: units that came per day, shape (series, horizon); None where the days have not come.
        ratio: variance by mean of the daily demand.
        scale, last_week, mean: see :class:`forecasting.metrics.Window`.
    """

    keys: pd.DataFrame
    status: NDArray[np.str_]
    segment: NDArray[np.str_]
    forecasts: dict[str, NDArray[np.float64]]
    actual: NDArray[np.float64] | None
    ratio: NDArray[np.float64]
    scale: NDArray[np.float64]
    last_week: NDArray[np.float64]
    mean: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Candidates]) -> Candidates:
        """Return the candidates of several sets of series as one."""
        together = {
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("status", "segment", "ratio", "scale", "last_week", "mean")
        }
        first = parts[0]
        return cls(
            keys=pd.concat([part.keys for part in parts], ignore_index=True),
            forecasts={name: np.concatenate([part.forecasts[name] for part in parts]) for name in first.forecasts},
            actual=None if first.actual is None else np.concatenate([p.actual for p in parts if p.actual is not None]),
            **together,
        )

    def in_order(self, key: str) -> Candidates:
        """Return the same candidates, sorted by a column of their keys."""
        order = np.argsort(self.keys[key].to_numpy(), kind="stable")
        arrays = ("status", "segment", "ratio", "scale", "last_week", "mean")
        return Candidates(
            keys=self.keys.iloc[order].reset_index(drop=True),
            forecasts={name: forecast[order] for name, forecast in self.forecasts.items()},
            actual=None if self.actual is None else self.actual[order],
            **{name: getattr(self, name)[order] for name in arrays},
        )

    @property
    def horizon(self) -> int:
        """Days that are forecast."""
        return int(next(iter(self.forecasts.values())).shape[1])

    @property
    def window(self) -> Window:
        """What came, and what is needed to judge forecasts of it."""
        assert self.actual is not None  # noqa: S101 - only windows that are past are judged
        naive = np.tile(self.last_week, (1, -(-self.horizon // baselines.WEEK)))[:, : self.horizon]
        return Window(self.actual, self.scale, naive, self.mean)

    def errors(self) -> dict[str, dict[str, Errors]]:
        """Return the errors of every model, by segment."""
        found = {}
        for segment in np.unique(self.segment):
            rows = self.segment == segment
            window = self.window.select(rows)
            found[str(segment)] = {
                name: metrics.errors(window, forecast[rows]) for name, forecast in self.forecasts.items()
            }
        return found

    def mixed(self, choices: Mapping[str, Choice], default: str) -> NDArray[np.float64]:
        """Return for every series the forecast of the model that was chosen for its segment."""
        forecast = self.forecasts[default].copy()
        for segment, choice in choices.items():
            rows = self.segment == segment
            forecast[rows] = self.forecasts[choice.model][rows]
        return forecast


def candidates(panel: Panel, cutoff: int, horizon: int, plan: Plan, *, rules: bool) -> Candidates:
    """Forecast series by every model from what was known before a cutoff.

    Args:
        panel: series with any history after the cutoff, which is only taken as what came.
        cutoff: number of the first day of the forecast.
        horizon: days to forecast.
        plan: the backend.
        rules: whether series may be new or stopped; sums of many are neither.

    Returns:
        The candidates of the series that had sold before the cutoff.
    """
    found = naive_candidates(panel, cutoff, horizon, rules=rules)
    panel = panel.select(panel.starts < cutoff)
    known, starts = panel.values[:, :cutoff], panel.starts
    new, stopped = found.status == Status.NEW.value, found.status == Status.STOPPED.value
    forecasts = {}
    for configuration in prophet_models.CONFIGURATIONS:
        fitted = prophet_models.forecast(known, starts, plan.first_day, horizon, configuration, backend=plan.backend)
        forecasts[configuration.name] = np.where(np.isfinite(fitted), fitted, found.forecasts["moving_mean"])
        if new.any():
            forecasts[configuration.name][new] = _new_products(panel, known, starts, new, stopped)[:, None]
        forecasts[configuration.name][stopped] = 0
    return replace(found, forecasts={**forecasts, **found.forecasts})


def naive_candidates(panel: Panel, cutoff: int, horizon: int, *, rules: bool) -> Candidates:
    """Return what is known of series at a cutoff, with the forecasts that need no model.

    Args:
        panel: series with any history after the cutoff, which is only taken as what came.
        cutoff: number of the first day of the forecast.
        horizon: days to forecast.
        rules: whether series may be new or stopped.
    """
    panel = panel.select(panel.starts < cutoff)
    known, starts = panel.values[:, :cutoff], panel.starts
    mean = baselines.moving_mean(known, starts)
    new = demand_classes.is_new(starts, cutoff) & rules
    stopped = demand_classes.stopped(known) & rules
    recent = known[:, -RECENT_DAYS:]
    come = panel.values[:, cutoff : cutoff + horizon]
    return Candidates(
        keys=panel.keys,
        status=np.select([stopped, new], [Status.STOPPED.value, Status.NEW.value], Status.OK.value),
        segment=demand_classes.segments(known, starts),
        forecasts={
            "moving_mean": np.repeat(mean[:, None], horizon, axis=1),
            "seasonal_naive": baselines.seasonal_naive(known, horizon),
        },
        actual=come if come.shape[1] == horizon else None,
        ratio=distribution.variance_ratios(
            recent, np.arange(len(recent)), _pools(panel), np.minimum(cutoff - starts, recent.shape[1])
        ),
        scale=metrics.rmsse_scale(known, starts),
        last_week=baselines.last_week(known),
        mean=mean,
    )


def _pools(panel: Panel) -> NDArray[np.int64]:
    """Return the number of each product's category; other series stand alone."""
    if "product_id" in panel.keys:
        return np.asarray(panel.keys.groupby("category_id").ngroup(), dtype=np.int64)
    return np.arange(len(panel.keys), dtype=np.int64)


def _new_products(
    panel: Panel,
    known: NDArray[np.float64],
    starts: NDArray[np.int64],
    new: NDArray[np.bool_],
    stopped: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Forecast new products by their mean since launch, drawn toward that of the living products of their category."""
    since = np.maximum(known.shape[1] - starts, 1)
    own = known.sum(axis=1) / since
    recent = baselines.moving_mean(known, starts, demand_classes.NEW_DAYS)
    category = panel.keys["category_id"].to_numpy()
    _, group = np.unique(category, return_inverse=True)
    alive = ~stopped
    counted = np.bincount(group, alive, minlength=group.max() + 1)
    typical = np.bincount(group, recent * alive, minlength=group.max() + 1) / np.maximum(counted, 1)
    blended = (since * own + OWN_MEAN_DAYS * typical[group]) / (since + OWN_MEAN_DAYS)
    return np.asarray(blended[new])


@dataclass(frozen=True)
class Hierarchy:
    """The forecasts of one cutoff on all levels above the pairs; each level's add up to the next.

    Attributes:
        products, categories, total: the candidates of each level.
        product_forecast, category_forecast, total_forecast: what was made of them, shape (series, horizon).
        choices: by level and segment, the model and why.
    """

    products: Candidates
    categories: Candidates
    total: Candidates
    product_forecast: NDArray[np.float64]
    category_forecast: NDArray[np.float64]
    total_forecast: NDArray[np.float64]
    choices: dict[str, dict[str, Choice]]


def build(products: Candidates, categories: Candidates, total: Candidates, before: Sequence[Hierarchy]) -> Hierarchy:
    """Choose the models of each level, and make the levels agree.

    A category is the sum of its products, and the total that of the categories, unless a model of the sum itself was
    better by the margin; then the parts are scaled to it.

    Args:
        products: candidates of the products.
        categories: candidates of their categories.
        total: candidates of the total.
        before: hierarchies of earlier windows whose days have come by this cutoff.
    """
    by_segment = {
        str(segment): choose(
            [each.products.errors().get(str(segment), {}) for each in before], prophet_models.LEVEL.name
        )
        for segment in np.unique(products.segment)
    }
    forecast = products.mixed(by_segment, prophet_models.LEVEL.name)
    forecast[products.status == Status.STOPPED.value] = 0
    of_category = _positions(products.keys["category_id"], categories.keys["category_id"])
    categories = _with_sums(categories, _summed(forecast, of_category, len(categories.keys)))
    category_choice = choose([_pooled(each.categories) for each in before], SUM_OF_PARTS)
    category_forecast = categories.forecasts[category_choice.model]
    forecast = _scaled(forecast, of_category, category_forecast)
    category_forecast = _summed(forecast, of_category, len(categories.keys))
    total = _with_sums(total, category_forecast.sum(axis=0, keepdims=True))
    total_choice = choose([_pooled(each.total) for each in before], SUM_OF_PARTS)
    total_forecast = total.forecasts[total_choice.model]
    zeros = np.zeros(len(forecast), dtype=np.int64)
    forecast = _scaled(forecast, zeros, total_forecast)
    return Hierarchy(
        products,
        categories,
        total,
        forecast,
        _summed(forecast, of_category, len(categories.keys)),
        forecast.sum(axis=0, keepdims=True),
        {"product": by_segment, "category": {EVERYWHERE: category_choice}, "total": {EVERYWHERE: total_choice}},
    )


def known_by(cutoff: int, windows: Mapping[int, Hierarchy]) -> list[Hierarchy]:
    """Return the hierarchies of the windows that have ended by a cutoff."""
    return [each for number, each in sorted(windows.items()) if number + BACKTEST_DAYS <= cutoff]


def _pooled(level: Candidates) -> dict[str, Errors]:
    return {name: metrics.errors(level.window, forecast) for name, forecast in level.forecasts.items()}


def _with_sums(level: Candidates, sums: NDArray[np.float64]) -> Candidates:
    return replace(level, forecasts={SUM_OF_PARTS: sums, **level.forecasts})


def _positions(keys: pd.Series, sorted_keys: pd.Series) -> NDArray[np.int64]:
    return np.searchsorted(sorted_keys.to_numpy(), keys.to_numpy())


def _summed(forecast: NDArray[np.float64], groups: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    sums = np.zeros((count, forecast.shape[1]))
    np.add.at(sums, groups, forecast)
    return sums


def _scaled(
    forecast: NDArray[np.float64], groups: NDArray[np.int64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Scale the parts of each group to a sum; where all parts are zero they stay so."""
    sums = _summed(forecast, groups, len(wanted))
    factor = np.divide(wanted, sums, out=np.zeros_like(wanted), where=sums > 0)
    return forecast * factor[groups]
