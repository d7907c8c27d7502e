"""One forecast from demand to tables: the steps over all buckets, and what is chosen between them.

The buckets may lie in this process (:class:`LocalBuckets`) or on a cluster; the steps are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from forecasting import distribution, hierarchy, metrics, shares, stages
from forecasting.demand_classes import Status
from forecasting.hierarchy import EVERYWHERE, Candidates, Hierarchy
from forecasting.metrics import Errors
from forecasting.panel import Panel
from forecasting.plan import BACKTEST_DAYS, SHORT_DAYS
from forecasting.selection import Choice, choose
from forecasting.stages import ALLOCATED, CHAMPION, Anchors, Champions, Forecast, PairErrors, RetailerSums, Upper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from forecasting.plan import Plan

LARGEST_DAILY_DEMAND = 1e9
"""Units per day and series; more is a mistake in the data."""

UNKNOWN_UNCERTAINTY = 0.05
"""Squared relative error of a level where no window shows it."""

Key = TypeVar("Key")
Sum = TypeVar("Sum")

PAIR_LEVEL = "product_retailer"
SERIES_KEYS = ("category_id", "product_id", "retailer_id")


class Buckets(Protocol):
    """The demand in buckets of whole categories, wherever they are."""

    def retailer_days(self) -> pd.DataFrame:
        """Return the demand of each store and day: ``retailer_id``, ``day``, ``quantity``."""

    def collect(self, stage: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Apply a step to the rows of every bucket, and return the results."""

    def forecast(self, stage: Callable[..., Forecast], *arguments: Any) -> list[Forecast]:
        """Apply the last step; the rows of its results may stay where they are, then the results have none."""


@dataclass(frozen=True)
class Result:
    """What is to be published.

    Attributes:
        series: rows of ``forecast_series`` that are here: all levels above the pairs, and what the buckets gave back.
        accuracy: rows of ``forecast_accuracy``.
    """

    series: pd.DataFrame
    accuracy: pd.DataFrame


class LocalBuckets:
    """Buckets in this process, one after the other."""

    def __init__(self, rows: pd.DataFrame, count: int = 1) -> None:
        categories = {category: number % count for number, category in enumerate(sorted(rows["category_id"].unique()))}
        self._rows = rows
        self._buckets = [part for _, part in rows.groupby(rows["category_id"].map(categories))]

    def retailer_days(self) -> pd.DataFrame:
        """Return the demand of each store and day."""
        return self._rows.groupby(["retailer_id", "day"], as_index=False)[["quantity"]].sum()

    def collect(self, stage: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Apply a step to the rows of every bucket."""
        return [stage(rows, *arguments) for rows in self._buckets]

    def forecast(self, stage: Callable[..., Forecast], *arguments: Any) -> list[Forecast]:
        """Apply the last step, keeping the rows of its results."""
        return self.collect(stage, *arguments)


def failed_series(impossible: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return rows of ``forecast_series`` for pairs whose numbers cannot be demand.

    Args:
        impossible: rows of demand below zero or above :data:`LARGEST_DAILY_DEMAND`; the first of each pair counts.
        plan: the calendar.
    """
    rows = []
    for row in impossible.sort_values("day").drop_duplicates(list(SERIES_KEYS)).to_dict("records"):
        reason = (
            f"demand of {row['quantity']:,.0f} on {plan.day(int(row['day']))} is not between 0 and "
            f"{LARGEST_DAILY_DEMAND:,.0f}: correct daily_aggregates"
        )
        rows.append(
            {
                **{name: int(row[name]) for name in SERIES_KEYS},
                "level": PAIR_LEVEL,
                "status": Status.FAILED.value,
                "failure": reason,
                **{name: [] for name in ("yhat", "p10", "p50", "p90")},
            }
        )
    return pd.DataFrame(rows)


def run(buckets: Buckets, plan: Plan) -> Result:
    """Forecast every level, and compare the models in windows before the cutoff."""
    retailers = Panel.from_rows(buckets.retailer_days(), ("retailer_id",), plan.first_day, plan.days)
    cutoffs = (*plan.windows, plan.days)
    held_out = {cutoff: _everything(retailers, cutoff, shares.HELD_OUT_DAYS) for cutoff in cutoffs}
    upper: list[Upper] = buckets.collect(stages.upper_levels, plan, held_out)
    hierarchies: dict[int, Hierarchy] = {}
    for cutoff in cutoffs:
        hierarchies[cutoff] = hierarchy.build(
            Candidates.joined([each.products[cutoff] for each in upper]),
            Candidates.joined([each.categories[cutoff] for each in upper]).in_order("category_id"),
            _total(retailers, cutoff, plan),
            hierarchy.known_by(cutoff, hierarchies),
        )
    anchors = {
        cutoff: _anchors(hierarchies[cutoff], retailers, cutoff, [each.likelihoods[cutoff] for each in upper])
        for cutoff in cutoffs
    }
    found = _merged(buckets.collect(stages.pair_errors, plan, anchors), PairErrors.__add__)
    choices = {cutoff: _pair_choices(found, cutoff) for cutoff in cutoffs}
    champions = {cutoff: _champions(found, choices[cutoff], cutoff) for cutoff in cutoffs}
    parts = buckets.forecast(stages.pair_forecasts, plan, anchors, champions)
    return _result(plan, hierarchies, parts, retailers, choices[plan.days])


def _everything(retailers: Panel, cutoff: int, without: int = 0) -> dict[int, float]:
    """Return each store's share of all units in the window before a cutoff, its last days left out."""
    sold = retailers.values[:, max(cutoff - shares.WINDOW_DAYS, 0) : max(cutoff - without, 0)].sum(axis=1)
    ids = retailers.keys["retailer_id"].to_numpy()
    return dict(zip(ids.tolist(), (sold / max(sold.sum(), 1e-9)).tolist(), strict=True))


def _total(retailers: Panel, cutoff: int, plan: Plan) -> Candidates:
    everything = Panel(pd.DataFrame(index=range(1)), retailers.values.sum(axis=0, keepdims=True), retailers.first_day)
    horizon = plan.horizon if cutoff == plan.days else BACKTEST_DAYS
    return hierarchy.candidates(everything, cutoff, horizon, plan, rules=False)


def _anchors(levels: Hierarchy, retailers: Panel, cutoff: int, likelihoods: Sequence[NDArray[np.float64]]) -> Anchors:
    ids = levels.products.keys["product_id"].tolist()
    return Anchors(
        products={product: row for row, product in enumerate(ids)},
        forecast=levels.product_forecast,
        status=levels.products.status,
        everything=_everything(retailers, cutoff),
        strength=shares.strongest(np.sum(likelihoods, axis=0)),
    )


def _merged(parts: Iterable[Mapping[Key, Sum]], plus: Callable[[Sum, Sum], Sum]) -> dict[Key, Sum]:
    merged: dict[Key, Sum] = {}
    for part in parts:
        for key, value in part.items():
            merged[key] = plus(merged[key], value) if key in merged else value
    return merged


def _ended(found: Mapping[tuple[int, str, str], PairErrors], cutoff: int) -> list[int]:
    return sorted({number for number, _, _ in found if number + BACKTEST_DAYS <= cutoff})


def _pair_choices(found: Mapping[tuple[int, str, str], PairErrors], cutoff: int) -> dict[str, Choice]:
    """Choose the model of each segment of pairs by the windows that have ended by a cutoff."""
    windows = _ended(found, cutoff)
    return {
        segment: choose(
            [
                {model: part.errors for (number, of, model), part in found.items() if (number, of) == (window, segment)}
                for window in windows
            ],
            ALLOCATED,
        )
        for segment in sorted({segment for _, segment, _ in found})
    }


def _champions(
    found: Mapping[tuple[int, str, str], PairErrors], choices: Mapping[str, Choice], cutoff: int
) -> Champions:
    uncertainty = {}
    windows = _ended(found, cutoff)
    for segment, choice in choices.items():
        seen = [found[key] for number in windows if (key := (number, segment, choice.model)) in found]
        shown = distribution.uncertainty_of_windows(
            [(window.squared_error, window.chance, window.squared_mean) for window in seen]
        )
        uncertainty[segment] = UNKNOWN_UNCERTAINTY if shown is None else shown
    return Champions({segment: choice.model for segment, choice in choices.items()}, uncertainty)


@dataclass(frozen=True)
class Level:
    """One level above the pairs at one cutoff: what the models said, and the forecast that was made of it."""

    name: str
    candidates: Candidates
    forecast: NDArray[np.float64]
    choices: Mapping[str, Choice]

    @property
    def squared_errors(self) -> tuple[float, float, float]:
        """Sums over the series of: squared error of the total, its variance by chance, squared expected total."""
        expected = self.forecast.sum(axis=1)
        actual = self.candidates.window.actual.sum(axis=1)
        return (
            float(np.sum((actual - expected) ** 2)),
            float(np.sum(self.candidates.ratio * expected)),
            float(np.sum(expected**2)),
        )

    def chosen(self, segment: str) -> Choice | None:
        """Return what was chosen for a segment."""
        return self.choices.get(segment, self.choices.get(EVERYWHERE))


def _result(
    plan: Plan,
    hierarchies: Mapping[int, Hierarchy],
    parts: Sequence[Forecast],
    retailers: Panel,
    pair_choices: Mapping[str, Choice],
) -> Result:
    levels = {cutoff: _levels(found) for cutoff, found in hierarchies.items()}
    for cutoff in plan.reported:
        levels[cutoff]["retailer"] = _retailers(retailers, [each.judged[cutoff].retailers for each in parts], cutoff)
    levels[plan.days]["retailer"] = _retailers(retailers, [each.retailers for each in parts], plan.days)
    if plan.changes:
        levels[plan.days] |= _changed(levels[plan.days], parts)
    now = levels[plan.days]
    series = [_series(level, plan, _uncertainty(levels, name, plan.days)) for name, level in now.items()]
    accuracy = [
        row
        for cutoff in plan.reported
        for name, level in levels[cutoff].items()
        for row in _level_accuracy(level, now[name], plan, cutoff, _uncertainty(levels, name, cutoff))
    ]
    for cutoff in plan.reported:
        judged = _merged([each.judged[cutoff].errors for each in parts], Errors.__add__)
        accuracy.extend(_pair_accuracy(judged, plan, cutoff, pair_choices))
    return Result(pd.concat([*series, *(part.rows for part in parts)], ignore_index=True), pd.DataFrame(accuracy))


def _levels(found: Hierarchy) -> dict[str, Level]:
    return {
        "total": Level("total", found.total, found.total_forecast, found.choices["total"]),
        "category": Level("category", found.categories, found.category_forecast, found.choices["category"]),
        "product": Level("product", found.products, found.product_forecast, found.choices["product"]),
    }


def _changed(now: Mapping[str, Level], parts: Sequence[Forecast]) -> dict[str, Level]:
    """Add up what a what-if has made of the pairs, by product, by category and in all."""
    of_product = {product: sums for part in parts for product, sums in part.products.items()}
    keys = now["product"].candidates.keys
    products = np.stack([of_product[product] for product in keys["product_id"].tolist()])
    categories = pd.DataFrame(products).groupby(keys["category_id"].to_numpy()).sum()
    return {
        "product": replace(now["product"], forecast=products),
        "category": replace(
            now["category"], forecast=categories.loc[now["category"].candidates.keys["category_id"]].to_numpy()
        ),
        "total": replace(now["total"], forecast=products.sum(axis=0, keepdims=True)),
    }


def _retailers(retailers: Panel, parts: Sequence[RetailerSums], cutoff: int) -> Level:
    """Add up the pairs' forecasts of all buckets by store."""
    ids, rows = np.unique(np.concatenate([part.retailer_ids for part in parts]), return_inverse=True)
    forecast = np.zeros((len(ids), parts[0].forecast.shape[1]))
    np.add.at(forecast, rows, np.concatenate([part.forecast for part in parts]))
    chance = np.bincount(rows, np.concatenate([part.chance for part in parts]), minlength=len(ids))
    known = hierarchy.naive_candidates(retailers, cutoff, forecast.shape[1], rules=False)
    places = np.searchsorted(ids, known.keys["retailer_id"].to_numpy())
    expected = forecast.sum(axis=1)
    ratio = np.divide(chance, expected, out=np.ones_like(chance), where=expected > 0)
    candidates = replace(
        known, ratio=ratio[places], forecasts={hierarchy.SUM_OF_PARTS: forecast[places], **known.forecasts}
    )
    return Level(
        "retailer",
        candidates,
        forecast[places],
        {EVERYWHERE: Choice(hierarchy.SUM_OF_PARTS, "the sum of its pairs", {})},
    )


def _uncertainty(levels: Mapping[int, Mapping[str, Level]], name: str, cutoff: int) -> float:
    """Return the squared relative error of a level's forecasts in the windows that have ended by a cutoff."""
    ended = [
        level[name].squared_errors
        for number, level in levels.items()
        if number + BACKTEST_DAYS <= cutoff and name in level and level[name].candidates.actual is not None
    ]
    shown = distribution.uncertainty_of_windows(ended)
    return UNKNOWN_UNCERTAINTY if shown is None else shown


def _series(level: Level, plan: Plan, uncertainty: float) -> pd.DataFrame:
    found = level.candidates
    table = stages.series_table(
        found.keys,
        level.forecast,
        found.ratio,
        np.full(len(found.keys), uncertainty),
        last_week=found.last_week,
        mean=found.mean,
        scale=found.scale,
    )
    models = [choice.model if (choice := level.chosen(str(segment))) else None for segment in found.segment]
    table = table.assign(
        level=level.name, status=found.status, segment=found.segment, model=np.array(models, dtype=object)
    )
    if level.name == "product" and plan.product_ids:
        return table[table["product_id"].isin(plan.product_ids)]
    if level.name == "retailer" and plan.retailer_ids:
        return table[table["retailer_id"].isin(plan.retailer_ids)]
    return table


def _level_accuracy(level: Level, now: Level, plan: Plan, cutoff: int, uncertainty: float) -> Iterable[dict[str, Any]]:
    found = level.candidates
    squared = np.full(len(found.keys), uncertainty)
    for days in (SHORT_DAYS, BACKTEST_DAYS):
        window = found.window.first(days)
        for model, forecast in {**found.forecasts, CHAMPION: level.forecast}.items():
            bands = stages.quantiles(forecast[:, :days], found.ratio, squared)
            together = Errors()
            for segment in np.unique(found.segment):
                rows = found.segment == segment
                part = metrics.errors(window.select(rows), forecast[rows, :days], bands.select(rows))
                together += part
                yield _accuracy(plan, cutoff, (level.name, str(segment), days, model), part, now.chosen(str(segment)))
            yield _accuracy(plan, cutoff, (level.name, EVERYWHERE, days, model), together, now.choices.get(EVERYWHERE))


def _pair_accuracy(
    judged: Mapping[tuple[str, int, str], Errors], plan: Plan, cutoff: int, choices: Mapping[str, Choice]
) -> Iterable[dict[str, Any]]:
    together: dict[tuple[int, str], Errors] = {}
    for (segment, days, model), part in judged.items():
        together[days, model] = together.get((days, model), Errors()) + part
        yield _accuracy(plan, cutoff, (PAIR_LEVEL, segment, days, model), part, choices.get(segment))
    for (days, model), part in together.items():
        yield _accuracy(plan, cutoff, (PAIR_LEVEL, EVERYWHERE, days, model), part, None)


def _accuracy(
    plan: Plan, cutoff: int, of: tuple[str, str, int, str], found: Errors, choice: Choice | None
) -> dict[str, Any]:
    level, segment, days, model = of
    is_chosen = model == CHAMPION or (choice is not None and choice.model == model)
    return {
        "kind": "backtest",
        "cutoff": plan.day(cutoff),
        "level": level,
        "segment": segment,
        "horizon_days": days,
        "model": model,
        "series": int(found.series),
        "actual_demand": found.actual,
        **found.metrics(),
        "chosen": is_chosen,
        "reason": choice.reason if choice is not None and choice.model == model else None,
    }
