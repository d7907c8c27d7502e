"""The three steps that run bucket by bucket, a bucket being whole categories.

Each takes the sparse demand of its bucket and what the steps before it found out over all buckets. Between the steps
one process joins the results and chooses (:mod:`forecasting.pipeline`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecasting import baselines, demand_classes, distribution, metrics, prophet_models, shares
from forecasting.distribution import PROBABILITIES
from forecasting.hierarchy import Candidates, candidates
from forecasting.metrics import Errors, Quantiles, Window
from forecasting.panel import Panel
from forecasting.plan import BACKTEST_DAYS, SHORT_DAYS
from supply_chain import demand_distribution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from forecasting.plan import Plan

PAIR = ("category_id", "product_id", "retailer_id")
PRODUCT = ("category_id", "product_id")
FREQUENT = "frequent"
"""Segment of the pairs with enough days with sales for a model of their own."""

ALLOCATED = "prophet_allocated"
PAIR_MODEL = "prophet_pair"
CHAMPION = "champion"


@dataclass(frozen=True)
class Upper:
    """What a bucket gives for the levels above the pairs, by the number of the cutoff.

    Attributes:
        products, categories: candidates.
        likelihoods: of each strength of :data:`forecasting.shares.STRENGTHS`.
    """

    products: dict[int, Candidates]
    categories: dict[int, Candidates]
    likelihoods: dict[int, NDArray[np.float64]]


@dataclass(frozen=True)
class Anchors:
    """What the products of all buckets were forecast at one cutoff, and how to divide that among stores.

    Attributes:
        products: number of each product's row, by product id.
        forecast: expected units per day, shape (products, horizon).
        status: of each product.
        everything: each store's share of all units in the window, by retailer id.
        strength: of the prior around it.
    """

    products: dict[int, int]
    forecast: NDArray[np.float64]
    status: NDArray[np.str_]
    everything: dict[int, float]
    strength: float


@dataclass(frozen=True)
class PairErrors:
    """Errors of one model over pairs, and what they say of the uncertainty of its level."""

    errors: Errors
    squared_error: float = 0.0
    chance: float = 0.0
    squared_mean: float = 0.0

    def __add__(self, other: PairErrors) -> PairErrors:
        return PairErrors(
            self.errors + other.errors,
            self.squared_error + other.squared_error,
            self.chance + other.chance,
            self.squared_mean + other.squared_mean,
        )


@dataclass(frozen=True)
class Champions:
    """Which model makes the pairs' forecasts at one cutoff, and how uncertain its level is: by segment."""

    models: dict[str, str]
    uncertainty: dict[str, float]


@dataclass(frozen=True)
class Judged:
    """Errors of one reported window by segment, horizon and model, and the sums of its stores."""

    errors: dict[tuple[str, int, str], Errors]
    retailers: RetailerSums


@dataclass(frozen=True)
class RetailerSums:
    """Sums over the pairs of each store: expected units per day, and what chance adds to the variance of their sum."""

    retailer_ids: NDArray[np.int64]
    forecast: NDArray[np.float64]
    chance: NDArray[np.float64]

    @classmethod
    def of(cls, pairs: Pairs, forecast: NDArray[np.float64]) -> RetailerSums:
        """Add up a forecast of pairs, by store."""
        ids, rows = np.unique(pairs.panel.keys["retailer_id"].to_numpy(), return_inverse=True)
        sums = np.zeros((len(ids), forecast.shape[1]))
        np.add.at(sums, rows, forecast)
        # Chance by expected unit: the same on every day.
        chance = np.bincount(rows, pairs.ratio * forecast.sum(axis=1), minlength=len(ids))
        return cls(ids, sums, np.asarray(chance, dtype=np.float64))


def upper_levels(rows: pd.DataFrame, plan: Plan, retailers: Mapping[int, Mapping[int, float]]) -> Upper:
    """Forecast the products and categories of a bucket at every cutoff.

    Args:
        rows: sparse demand: ``day``, ``category_id``, ``product_id``, ``retailer_id``, ``quantity``.
        plan: what is to be forecast.
        retailers: for each cutoff each store's share of everything, of the window without its held-out days.
    """
    pairs = Panel.from_rows(rows, PAIR, plan.first_day, plan.days)
    products = pairs.summed(PRODUCT)
    categories = products.summed(("category_id",))
    upper = Upper({}, {}, {})
    for cutoff in (*plan.windows, plan.days):
        horizon = plan.horizon if cutoff == plan.days else BACKTEST_DAYS
        upper.products[cutoff] = candidates(products, cutoff, horizon, plan, rules=True)
        upper.categories[cutoff] = candidates(categories, cutoff, horizon, plan, rules=False)
        upper.likelihoods[cutoff] = _likelihood(pairs, cutoff, retailers[cutoff])
    return upper


def _likelihood(pairs: Panel, cutoff: int, everything: Mapping[int, float]) -> NDArray[np.float64]:
    split = max(cutoff - shares.HELD_OUT_DAYS, 0)
    earlier = pairs.values[:, max(cutoff - shares.WINDOW_DAYS, 0) : split].sum(axis=1)
    later = pairs.values[:, split:cutoff].sum(axis=1)
    product = pairs.keys["product_id"].to_numpy()
    # A product without earlier sales, or a store without any, has nothing to learn from.
    sold = pd.Series(earlier).groupby(product).transform("sum").to_numpy() > 0
    everywhere = np.asarray(pairs.keys["retailer_id"].map(everything).fillna(0), dtype=np.float64)
    # Pairs that began later are not divided to either; counting them would speak for the store's share of everything.
    known = sold & (everywhere > 0) & (pairs.starts < split)
    if not known.any():
        return np.zeros(len(shares.STRENGTHS))
    _, numbers = np.unique(product[known], return_inverse=True)
    return shares.likelihood(earlier[known], later[known], everywhere[known], numbers)


@dataclass(frozen=True)
class Pairs:
    """The pairs of a bucket at one cutoff, with every model's forecast.

    Attributes:
        panel: their demand, including what came after the cutoff where that is known.
        cutoff: its number.
        group: number of each pair's product within the bucket.
        anchor: forecast of each pair's product, shape (pairs, horizon).
        forecasts: expected units per day by model.
        ratio, scale: see :class:`forecasting.hierarchy.Candidates`.
        segment: demand class, or :data:`FREQUENT`.
        status: that of the product.
        failure: what went wrong with a fit, or empty.
    """

    panel: Panel
    cutoff: int
    group: NDArray[np.int64]
    anchor: NDArray[np.float64]
    forecasts: dict[str, NDArray[np.float64]]
    ratio: NDArray[np.float64]
    scale: NDArray[np.float64]
    segment: NDArray[np.str_]
    status: NDArray[np.str_]
    failure: NDArray[np.str_]

    @classmethod
    def at(cls, panel: Panel, cutoff: int, plan: Plan, anchors: Anchors) -> Pairs:
        """Forecast the pairs that had sold before a cutoff."""
        panel = panel.select(panel.starts < cutoff)
        known, starts = panel.values[:, :cutoff], panel.starts
        horizon = anchors.forecast.shape[1]
        product = panel.keys["product_id"].map(anchors.products).to_numpy(dtype=np.int64)
        _, group = np.unique(product, return_inverse=True)
        everything = np.asarray(panel.keys["retailer_id"].map(anchors.everything).fillna(0), dtype=np.float64)
        sold = known[:, -shares.WINDOW_DAYS :].sum(axis=1)
        divided = shares.shares(sold, everything, group, anchors.strength)
        allocated = divided[:, None] * anchors.forecast[product]
        mean = baselines.moving_mean(known, starts)
        frequent = (known > 0).sum(axis=1) >= plan.frequent_days
        fitted, failure = _fit_frequent(panel.select(frequent), frequent, cutoff, horizon, plan)
        recent = known[:, -shares.WINDOW_DAYS :]
        category = np.asarray(panel.keys.groupby("category_id").ngroup(), dtype=np.int64)
        ratio = distribution.variance_ratios(recent, group, category, np.minimum(cutoff - starts, recent.shape[1]))
        return cls(
            panel=panel,
            cutoff=cutoff,
            group=group,
            anchor=anchors.forecast[product],
            forecasts={
                ALLOCATED: allocated,
                PAIR_MODEL: np.where(np.isfinite(fitted), fitted, allocated),
                "moving_mean": np.repeat(mean[:, None], horizon, axis=1),
                "seasonal_naive": baselines.seasonal_naive(known, horizon),
                "tsb": np.repeat(baselines.tsb(known, starts)[:, None], horizon, axis=1),
            },
            ratio=ratio,
            scale=metrics.rmsse_scale(known, starts),
            segment=np.where(frequent, FREQUENT, demand_classes.segments(known, starts)),
            status=anchors.status[product],
            failure=failure,
        )

    @property
    def window(self) -> Window:
        """What came in the days of the forecast."""
        come = self.panel.values[:, self.cutoff : self.cutoff + BACKTEST_DAYS]
        return Window(come, self.scale, self.forecasts["seasonal_naive"], self.forecasts["moving_mean"][:, 0])

    def champion(self, champions: Champions) -> NDArray[np.float64]:
        """Return the forecast of each segment's chosen model, scaled to the forecast of the product."""
        chosen = self.forecasts[ALLOCATED].copy()
        for segment, model in champions.models.items():
            rows = self.segment == segment
            chosen[rows] = self.forecasts[model][rows]
        sums = np.zeros((self.group.max(initial=-1) + 1, chosen.shape[1]))
        np.add.at(sums, self.group, chosen)
        # Where the chosen models expect nothing of a product on a day that its forecast does not, the shares decide.
        empty = (sums <= 0)[self.group]
        scaled = chosen * np.divide(self.anchor, sums[self.group], out=np.zeros_like(chosen), where=~empty)
        return np.where(empty, self.forecasts[ALLOCATED], scaled)

    def uncertainty(self, champions: Champions) -> NDArray[np.float64]:
        """Return the squared relative error of each pair's level."""
        found = np.zeros(len(self.segment))
        for segment, value in champions.uncertainty.items():
            found[self.segment == segment] = value
        return found

    def quantiles(self, forecast: NDArray[np.float64], champions: Champions, horizon: int) -> Quantiles:
        """Return the quantiles of the first days of a forecast, and of their sum."""
        return quantiles(forecast[:, :horizon], self.ratio, self.uncertainty(champions))


def quantiles(forecast: NDArray[np.float64], ratio: NDArray[np.float64], uncertainty: NDArray[np.float64]) -> Quantiles:
    """Return the quantiles of every day of a forecast, and of its sum.

    Args:
        forecast: expected units per day, shape (series, horizon).
        ratio: variance by mean of each series, shape (series,).
        uncertainty: squared relative error of each series' level, shape (series,).
    """
    spread = demand_distribution.variance(forecast, ratio[:, None], uncertainty[:, None])
    total = forecast.sum(axis=1)
    total_spread = demand_distribution.variance(total, ratio, uncertainty)
    return Quantiles(
        daily=np.stack([demand_distribution.quantile(forecast, spread, p) for p in PROBABILITIES]),
        lower=demand_distribution.quantile(total, total_spread, PROBABILITIES[0]),
        upper=demand_distribution.quantile(total, total_spread, PROBABILITIES[-1]),
    )


def _fit_frequent(
    panel: Panel, frequent: NDArray[np.bool_], cutoff: int, horizon: int, plan: Plan
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Fit the frequent pairs by themselves: forecasts of all pairs, NaN for the others, and what went wrong."""
    fitted = np.full((len(frequent), horizon), np.nan)
    failure = np.full(len(frequent), "", dtype="<U120")
    if frequent.any():
        found = prophet_models.forecast(
            panel.values[:, :cutoff], panel.starts, panel.first_day, horizon, prophet_models.LEVEL, backend=plan.backend
        )
        fitted[frequent] = found
        lived = cutoff - panel.starts >= prophet_models.FEWEST_DAYS + prophet_models.START_STEP
        failed = np.flatnonzero(frequent)[lived & ~np.isfinite(found).all(axis=1)]
        failure[failed] = "Prophet could not be fitted to this pair: its product's forecast is divided instead"
    return fitted, failure


def pair_errors(
    rows: pd.DataFrame, plan: Plan, anchors: Mapping[int, Anchors]
) -> dict[tuple[int, str, str], PairErrors]:
    """Measure every model of the pairs of a bucket, in every window.

    Returns:
        Errors by cutoff, segment and model.
    """
    panel = Panel.from_rows(rows, PAIR, plan.first_day, plan.days)
    found = {}
    for cutoff in plan.windows:
        pairs = Pairs.at(panel, cutoff, plan, anchors[cutoff])
        window = pairs.window
        for segment in np.unique(pairs.segment):
            rows_of = pairs.segment == segment
            part = window.select(rows_of)
            totals = part.actual.sum(axis=1)
            for model, forecast in pairs.forecasts.items():
                expected = forecast[rows_of].sum(axis=1)
                found[cutoff, str(segment), model] = PairErrors(
                    metrics.errors(part, forecast[rows_of]),
                    float(np.sum((totals - expected) ** 2)),
                    float(np.sum(pairs.ratio[rows_of] * expected)),
                    float(np.sum(expected**2)),
                )
    return found


@dataclass(frozen=True)
class Forecast:
    """A bucket's forecasts of its pairs, how right the models were before, and the sums of its stores and products.

    Attributes:
        rows: of ``forecast_series``.
        judged: by the number of the cutoff.
        retailers: sums by store.
        products: expected units per day by product id, shape (horizon,); without a what-if there are none.
    """

    rows: pd.DataFrame
    judged: dict[int, Judged]
    retailers: RetailerSums
    products: dict[int, NDArray[np.float64]]


def pair_forecasts(
    rows: pd.DataFrame, plan: Plan, anchors: Mapping[int, Anchors], champions: Mapping[int, Champions]
) -> Forecast:
    """Forecast the pairs of a bucket, and judge the models in the reported windows, quantiles included.

    Returns:
        The forecasts of the wanted pairs, with the columns of ``forecast_series``.
    """
    panel = Panel.from_rows(rows, PAIR, plan.first_day, plan.days)
    judged = {
        cutoff: _judge(Pairs.at(panel, cutoff, plan, anchors[cutoff]), champions[cutoff]) for cutoff in plan.reported
    }
    pairs = Pairs.at(panel, plan.days, plan, anchors[plan.days])
    forecast = pairs.champion(champions[plan.days])
    products: dict[int, NDArray[np.float64]] = {}
    if plan.changes:
        forecast = forecast * plan.multipliers(pairs.panel.keys)
        # A change of one store changes its product too: the levels above are the sums of what was changed.
        for product in np.unique(pairs.panel.keys["product_id"]):
            products[int(product)] = forecast[(pairs.panel.keys["product_id"] == product).to_numpy()].sum(axis=0)
    table = _table(pairs, forecast, champions[plan.days], plan)
    return Forecast(table, judged, RetailerSums.of(pairs, forecast), products)


def _judge(pairs: Pairs, champions: Champions) -> Judged:
    mixed = pairs.champion(champions)
    found = {}
    for days in (SHORT_DAYS, BACKTEST_DAYS):
        window = pairs.window.first(days)
        for model, forecast in {**pairs.forecasts, CHAMPION: mixed}.items():
            bands = pairs.quantiles(forecast, champions, days)
            for segment in np.unique(pairs.segment):
                rows = pairs.segment == segment
                found[str(segment), days, model] = metrics.errors(
                    window.select(rows), forecast[rows, :days], bands.select(rows)
                )
    return Judged(found, RetailerSums.of(pairs, mixed))


def _table(pairs: Pairs, forecast: NDArray[np.float64], champions: Champions, plan: Plan) -> pd.DataFrame:
    keys = pairs.panel.keys
    wanted = np.ones(len(keys), dtype=bool)
    if plan.product_ids:
        wanted &= keys["product_id"].isin(plan.product_ids)
    if plan.retailer_ids:
        wanted &= keys["retailer_id"].isin(plan.retailer_ids)
    known = pairs.panel.values[:, : pairs.cutoff]
    models = [champions.models.get(segment, ALLOCATED) for segment in pairs.segment]
    table = series_table(
        keys,
        forecast,
        pairs.ratio,
        pairs.uncertainty(champions),
        last_week=baselines.last_week(known),
        mean=baselines.moving_mean(known, pairs.panel.starts),
        scale=pairs.scale,
    )
    table = table.assign(
        level="product_retailer",
        status=pairs.status,
        segment=pairs.segment,
        model=models,
        failure=np.array([failure or None for failure in pairs.failure], dtype=object),
    )
    return table[wanted]


def series_table(
    keys: pd.DataFrame,
    forecast: NDArray[np.float64],
    ratio: NDArray[np.float64],
    uncertainty: NDArray[np.float64],
    *,
    last_week: NDArray[np.float64],
    mean: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> pd.DataFrame:
    """Return forecasts and their quantiles as rows of ``forecast_series``, without level, status, segment, model."""
    bands = quantiles(forecast, ratio, uncertainty)
    table = keys.copy()
    table["yhat"] = list(forecast)
    for name, daily in zip(("p10", "p50", "p90"), bands.daily, strict=True):
        table[name] = list(daily.astype(np.int32))
    table["variance_ratio"], table["level_uncertainty"] = ratio, uncertainty
    for days in (SHORT_DAYS, BACKTEST_DAYS):
        if forecast.shape[1] < days:
            table[f"total_{days}_p10"] = table[f"total_{days}_p90"] = None
            continue
        first = quantiles(forecast[:, :days], ratio, uncertainty)
        table[f"total_{days}_p10"], table[f"total_{days}_p90"] = first.lower, first.upper
    table["seasonal_naive"], table["moving_mean"], table["rmsse_scale"] = list(last_week), mean, scale
    return table
