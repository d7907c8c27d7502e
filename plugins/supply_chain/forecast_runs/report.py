"""What became of a forecast, in words for a log and rows for a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supply_chain.database import Role, statement, transaction
from supply_chain.forecast_runs.runs import ForecastError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supply_chain.settings import Settings


@dataclass(frozen=True)
class RunState:
    """How a run is; see the columns of ``forecast_runs``."""

    status: str
    is_baseline: bool
    cutoff: date
    horizon_days: int
    series_done: int | None
    series_total: int | None
    failure: str | None
    seconds_by_stage: dict[str, float] | None


def state(settings: Settings, run_id: str) -> RunState | None:
    """Return how a run is, or None before it has begun."""
    rows = _rows(settings, "run_state", run_id=run_id)
    return RunState(*rows[0]) if rows else None


def is_newest_baseline(settings: Settings, run_id: str) -> bool:
    """Say whether planning is to go by this run."""
    return _rows(settings, "is_newest_baseline", run_id=run_id) == [(True,)]


def totals(settings: Settings, run_id: str, level: str) -> list[tuple[Any, ...]]:
    """Return model, status, 10 and 90 % quantile of the first 28 days' total, expected total, product, store."""
    return _rows(settings, "totals", run_id=run_id, level=level)


def lines(settings: Settings, run_id: str) -> Iterator[str]:
    """Say what a complete run has published, and which models it has chosen and why.

    Raises:
        ForecastError: the run is not complete.
    """
    now = state(settings, run_id)
    if now is None or now.status != "complete":
        raise ForecastError(f"{run_id} is {now.status if now else 'not there'}: the job's log says why")
    yield f"cutoff {now.cutoff}, {now.horizon_days} days, seconds: {now.seconds_by_stage}"
    for level, status, model, series, demand in _rows(settings, "series_summary", run_id=run_id):
        yield f"{level:17} {status:8} {model:18} {series:7,} series {demand:12,.0f} units"
    for level, segment, model, error, naive, reason in _rows(settings, "choices_made", run_id=run_id):
        beside = f"WAPE_28 {error:.3f}, seasonal naive {naive:.3f}" if error and naive else "no backtest"
        yield f"{level:17} {segment:13} {model:18} {beside}" + (f"; {reason}" if reason else "")


def _rows(settings: Settings, name: str, **values: Any) -> list[tuple[Any, ...]]:
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement(f"forecast_runs/{name}"), values)
        return cursor.fetchall()
