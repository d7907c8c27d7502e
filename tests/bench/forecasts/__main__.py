"""Measures the forecasts by rolling origin beside other ways, on real and on generated demand: ``make bench-forecast``.

Two levels: products, and the pairs of product and store with at least 20 days with sales before the first cutoff. Every
way gets the same demand until each cutoff, zero days included, and is judged by the 28 days after it.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from tqdm import tqdm

from forecasting import metrics
from forecasting.metrics import Errors, Quantiles, Window
from forecasting.panel import Panel
from forecasting.pipeline import LocalBuckets, run
from forecasting.plan import BACKTEST_DAYS, Plan
from tests.bench.forecasts import published_demand, rivals, seasonal_demand, speed
from tests.bench.forecasts.rivals import Forecast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

CUTOFFS = [date(2016, 3, 1), date(2016, 6, 1), date(2016, 9, 1), date(2016, 12, 1), date(2017, 3, 1), date(2017, 6, 1)]
FEWEST_ACTIVE_DAYS = 20
GENERATED_SEED = 7
OURS = "this platform"
SLOW: dict[str, Callable[..., Forecast]] = {
    "previous system": rivals.previous_way,
    "stock Prophet": rivals.stock_prophet,
}


@dataclass(frozen=True)
class Level:
    """The series of one level: their demand over the whole period."""

    name: str
    panel: Panel

    def known(self, cutoff: int) -> NDArray[np.float64]:
        """Return the demand until a cutoff."""
        return self.panel.values[:, :cutoff]


def main() -> None:
    """Measure, and print one table per set of demand."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.forecasts", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the ways that fit every series with CmdStan")
    arguments = parser.parse_args()
    for name, rows in _sets():
        first, table = time.monotonic(), _measure(rows, quick=arguments.quick)
        print(f"\n{name}: {len(CUTOFFS)} cutoffs from {CUTOFFS[0]} to {CUTOFFS[-1]}, {time.monotonic() - first:.0f} s")
        print(table.to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    _show_speed(speed.measure(os.environ.get("DATASET")))
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")


def _show_speed(found: speed.Speed) -> None:
    fast, slow = found.series / found.seconds, found.slow_series / found.slow_seconds
    print(f"\nSpark job: {found.series:,} series in {found.seconds:.0f} s, {fast:.0f} a second, backtests included")
    print(f"one by one: {found.slow_series} series in {found.slow_seconds:.0f} s, {slow:.2f} a second")
    print(f"ratio: {found.ratio:.0f}")


def _sets() -> Iterator[tuple[str, pd.DataFrame]]:
    dataset = os.environ.get("DATASET")
    if dataset:
        yield "published orders", published_demand.read(dataset)
    else:
        print("DATASET is not set: the published orders are left out")
    yield f"generated with week and year, seed {GENERATED_SEED}", seasonal_demand.generate(GENERATED_SEED)


def _measure(rows: pd.DataFrame, *, quick: bool) -> pd.DataFrame:
    first_day = seasonal_demand.FIRST_DAY
    cutoffs = [(cutoff - first_day).days for cutoff in CUTOFFS]
    days = cutoffs[-1] + BACKTEST_DAYS
    levels = _levels(rows[rows["day"] < days], cutoffs[0], days)
    found: dict[tuple[str, str], Errors] = {}
    for cutoff in tqdm(cutoffs, desc="cutoffs", unit="cutoff"):
        ours = _ours(rows[rows["day"] < cutoff], first_day, cutoff)
        for level in levels:
            lives = level.panel.starts < cutoff
            series = level.panel.select(lives)
            known, starts = series.values[:, :cutoff], series.starts
            ways = {OURS: _aligned(ours, level.name, series), **rivals.naive(known, starts, BACKTEST_DAYS)}
            if not quick:
                ways |= {name: _one_by_one(way, known, first_day) for name, way in SLOW.items()}
            window = Window(
                series.values[:, cutoff : cutoff + BACKTEST_DAYS],
                metrics.rmsse_scale(known, starts),
                ways["seasonal naive"].mean,
                ways["mean of 182 days"].mean[:, 0],
            )
            for name, forecast in ways.items():
                part = metrics.errors(window, forecast.mean, forecast.quantiles)
                found[level.name, name] = found.get((level.name, name), Errors()) + part
    return pd.DataFrame([_row(level, way, errors) for (level, way), errors in sorted(found.items())])


def _levels(rows: pd.DataFrame, first_cutoff: int, days: int) -> list[Level]:
    pairs = Panel.from_rows(rows, ("product_id", "retailer_id"), seasonal_demand.FIRST_DAY, days)
    active = (pairs.values[:, :first_cutoff] > 0).sum(axis=1)
    return [Level("product", pairs.summed(("product_id",))), Level("pair", pairs.select(active >= FEWEST_ACTIVE_DAYS))]


def _ours(rows: pd.DataFrame, first_day: date, cutoff: int) -> pd.DataFrame:
    plan = Plan(first_day, first_day + timedelta(days=cutoff), BACKTEST_DAYS)
    return run(LocalBuckets(rows), plan).series


def _aligned(table: pd.DataFrame, level: str, series: Panel) -> Forecast:
    names = list(series.keys.columns)
    table = table[table["level"] == {"product": "product", "pair": "product_retailer"}[level]]
    found = series.keys.merge(table.astype(dict.fromkeys(names, "int64")), on=names, how="left", validate="1:1")
    bands = [np.stack(found[name]) for name in ("p10", "p50", "p90")]
    total = f"total_{BACKTEST_DAYS}"
    return Forecast(
        np.stack(found["yhat"]),
        Quantiles(
            np.stack(bands),
            found[f"{total}_p10"].to_numpy(dtype=np.float64),
            found[f"{total}_p90"].to_numpy(dtype=np.float64),
        ),
    )


def _one_by_one(way: Callable[..., Forecast], known: NDArray[np.float64], first_day: date) -> Forecast:
    fit = partial(way, first_day=first_day, horizon=BACKTEST_DAYS)
    with get_context("fork").Pool(os.cpu_count()) as pool:
        return Forecast.joined(list(tqdm(pool.imap(fit, known, chunksize=4), total=len(known), leave=False)))


def _row(level: str, way: str, errors: Errors) -> dict[str, object]:
    found = errors.metrics()
    pinballs = [found[f"pinball_{p}"] for p in (10, 50, 90)]
    return {
        "level": level,
        "way": way,
        "series": int(errors.series / len(CUTOFFS)),
        "WAPE_28": found["wape_total"],
        "pinball": np.mean([value for value in pinballs if value is not None]),
        "RMSSE": found["rmsse"],
        "bias": found["bias"],
        "coverage of 80 %": found["coverage_80"],
    }


if __name__ == "__main__":
    main()
