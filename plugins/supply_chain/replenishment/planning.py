"""From forecast and stock to a plan: read, compute, publish in one transaction."""

from __future__ import annotations

import io
import logging
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from supply_chain.database import Role, statement, transaction
from supply_chain.forecast_runs import runs as forecasts
from supply_chain.replenishment import classes, lead_times
from supply_chain.replenishment.demand import DemandForecast
from supply_chain.replenishment.ordering import stock_levels, suggested_quantity
from supply_chain.replenishment.projection import NEVER, project, receipts_by_day
from supply_chain.replenishment.runs import (
    ForecastEndsError,
    PlanRun,
    PlanSummary,
    ReplenishmentError,
    begin,
    fail,
    load_run,
    load_summary,
)

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray
    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

SELLING = ("ok", "new")
"""Statuses of series that are expected to sell; for the others only what is owed to customers is ordered."""

FORECAST = (*SELLING, "stopped")
"""Statuses of series that have a forecast."""

OF_PAIRS = ["retailer_id", "product_id", "series_status", "unit_price", "quantity_on_hand", "reorder_level"]
"""Columns that a plan's line takes from its pair as they are."""


def plan(settings: Settings, plan_id: str) -> PlanSummary:
    """Make a plan that :func:`supply_chain.replenishment.runs.begin` has written down, or say what came out of it.

    Raises:
        ReplenishmentError: the plan cannot be made; nothing of it is published.
    """
    try:
        with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
            cursor.execute(statement("replenishment/lock"))
            run = load_run(cursor, plan_id)
            if run.status != "complete":
                _publish(cursor, run)
            return load_summary(cursor, plan_id)
    except Exception as error:
        fail(settings, plan_id, str(error))
        raise


def plan_what_if(settings: Settings, forecast_run_id: str) -> PlanSummary | None:
    """Make the plan of a what-if; None where the forecast is none.

    Raises:
        ForecastEndsError: it is of the past, or too short to plan by.
        ReplenishmentError: the plan cannot be made; nothing of it is published.
    """
    if not forecasts.load(settings, forecast_run_id).parameters.is_what_if:
        return None
    plan_id = f"what-if {forecast_run_id}"
    begin(settings, plan_id, {"forecast_run_id": forecast_run_id}, triggered_by="forecast_demand, what-if")
    return plan(settings, plan_id)


def plan_lines(
    run: PlanRun, plan_day: date, pairs: pd.DataFrame, shipping: pd.DataFrame, weekly: pd.DataFrame
) -> pd.DataFrame:
    """Compute the lines of a plan; the formulas are those of the modules beside this one.

    Args:
        run: what is asked for.
        plan_day: first day of the plan. The stock is that of this day, so the days of the forecast before it count
            no more.
        pairs: rows of ``sql/replenishment/pairs.sql``.
        shipping: rows of ``sql/replenishment/shipping_days.sql``.
        weekly: rows of ``sql/replenishment/weekly_demand.sql``.

    Returns:
        The columns of ``replenishment_plan`` that are not generated there, one row per pair, in the order of the pairs.

    Raises:
        ReplenishmentError: too few days of the forecast are left, or no lead time can be measured.
    """
    asked = run.parameters
    demand = _demand_from(pairs, run, plan_day)
    times = _lead_times(run, pairs, shipping)
    lead_time_days = times["lead_time_days"].to_numpy(dtype=np.int64)
    on_hand = pairs["quantity_on_hand"].to_numpy(dtype=np.int64)
    position = on_hand + pairs["open_receipts"].to_numpy(dtype=np.int64)
    _check_reach(run, plan_day, demand.days, int(lead_time_days.max(initial=0)) + asked.review_period_days)
    levels = stock_levels(
        demand,
        lead_time_days,
        review_period_days=asked.review_period_days,
        order_cycle_days=asked.order_cycle_days,
        service_level=run.service_level,
    )
    quantity = suggested_quantity(position, levels, asked, pairs["series_status"].isin(SELLING).to_numpy())
    arriving = [[(day - plan_day).days for day in days] for days in pairs["receipt_days"]]
    stock = project(demand, on_hand, receipts_by_day(arriving, pairs["receipt_quantities"].tolist(), demand.days))
    value = demand.cumulated[:, -1] * pairs["unit_price"].astype(float).to_numpy()
    sold = pairs[lead_times.KEYS].merge(weekly, on=lead_times.KEYS, how="left").fillna(0.0)
    variation = classes.weekly_variation(sold["demand"].to_numpy(float), sold["squared_demand"].to_numpy(float))
    ordered = asked.simulate_receipts & (quantity > 0)
    return pairs[OF_PAIRS].assign(
        plan_id=run.plan_id,
        open_receipts=pairs["open_receipts"],
        abc_class=classes.abc_classes(value),
        xyz_class=classes.xyz_classes(variation),
        forecast_value=np.round(value, 2),
        forecast_demand=demand.cumulated[:, -1],
        weekly_variation=variation,
        **{str(name): times[name] for name in times},
        variance_ratio=demand.variance_ratio,
        level_uncertainty=demand.level_uncertainty,
        **asdict(levels),
        suggested_quantity=quantity,
        stock_out_p50=_days(plan_day, stock.stock_out_p50),
        stock_out_p90=_days(plan_day, stock.stock_out_p90),
        projected_stock=_arrays(np.round(stock.expected, 3)),
        projected_stock_p90=_arrays(stock.with_high_demand),
        receipt_day=_days(plan_day, np.where(ordered, lead_time_days, NEVER)),
    )


def _publish(cursor: cursor, run: PlanRun) -> None:
    if run.forecast_status != "complete":
        raise ReplenishmentError(
            f"forecast {run.forecast_run_id} is {run.forecast_status}, it was complete when it was chosen: "
            "wait until it is complete again, or trigger plan_replenishment to plan by another one"
        )
    plan_day = _plan_day(cursor, run)
    history = {"cutoff": run.cutoff, "excluded_statuses": run.excluded_statuses, "weeks": classes.WEEKS}
    pairs = _read(cursor, "pairs", {"run_id": run.forecast_run_id, "compared_plan_id": run.compared_plan_id})
    if not pairs["series_status"].isin(FORECAST).any():
        raise ReplenishmentError(
            f"forecast {run.forecast_run_id} has no pair of store and product: run forecast_demand for more of them"
        )
    lines = plan_lines(
        run, plan_day, pairs, _read(cursor, "shipping_days", history), _read(cursor, "weekly_demand", history)
    )
    _copy(cursor, lines)
    cursor.execute(statement("replenishment/complete_run"), {"plan_id": run.plan_id, "plan_day": plan_day})
    log.info("planned %s pairs from %s on by forecast %s", f"{len(lines):,}", plan_day, run.forecast_run_id)


def _plan_day(cursor: cursor, run: PlanRun) -> date:
    """Return the day after the last one that was received completely: the stock is that of its beginning.

    A what-if starts on the day of the plan that it is compared with.
    """
    cursor.execute(statement("replenishment/plan_day"), {"compared_plan_id": run.compared_plan_id})
    (day,) = cursor.fetchone() or (None,)
    return max(run.cutoff, day) if day else run.cutoff


def _demand_from(pairs: pd.DataFrame, run: PlanRun, plan_day: date) -> DemandForecast:
    daily = np.array(pairs["yhat"].tolist(), dtype=np.float64)
    passed = (plan_day - run.cutoff).days
    if passed >= daily.shape[1]:
        raise _too_short(run, plan_day, daily.shape[1], 1)
    # A series without a model of its own, as one that is stopped may be, varies as chance alone does.
    return DemandForecast(
        daily[:, passed:],
        np.nan_to_num(np.array(pairs["variance_ratio"], dtype=np.float64), nan=1.0),
        np.nan_to_num(np.array(pairs["level_uncertainty"], dtype=np.float64), nan=0.0),
    )


def _check_reach(run: PlanRun, plan_day: date, days_left: int, protection_days: int) -> None:
    """Refuse to guess days that a forecast of today would have.

    A forecast that is shorter than the protection period on its own first day is what was asked for: the mean of its
    last days stands for what is missing.
    """
    forecast_days = days_left + (plan_day - run.cutoff).days
    if days_left < min(protection_days, forecast_days):
        raise _too_short(run, plan_day, forecast_days, protection_days)


def _too_short(run: PlanRun, plan_day: date, forecast_days: int, days: int) -> ForecastEndsError:
    last = run.cutoff + timedelta(days=forecast_days - 1)
    return ForecastEndsError(
        f"forecast {run.forecast_run_id} ends on {last}, and a plan of {plan_day} needs the demand up to "
        f"{plan_day + timedelta(days=days - 1)}: run forecast_demand, the plan follows by itself; if orders are "
        "replayed faster than they can be forecast, lower replay_rate"
    )


def _lead_times(run: PlanRun, pairs: pd.DataFrame, shipping: pd.DataFrame) -> pd.DataFrame:
    if run.parameters.lead_time_days is not None:
        return lead_times.given(pairs, run.parameters.lead_time_days)
    try:
        return lead_times.measured(pairs, shipping)
    except ValueError as error:
        raise ReplenishmentError(f"{error}; give it, or trigger plan_replenishment again once orders arrive") from error


def _days(first: date, numbers: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Return days by their numbers from the first one; no day for :data:`NEVER`."""
    days = np.datetime64(first, "D") + numbers.astype("timedelta64[D]")
    return np.where(numbers == NEVER, np.datetime64("NaT", "D"), days)


def _arrays(rows: NDArray[Any]) -> list[str]:
    """Write each row as PostgreSQL writes an array."""
    return ["{" + ",".join(map(str, row)) + "}" for row in rows.tolist()]


def _read(cursor: cursor, name: str, values: dict[str, Any]) -> pd.DataFrame:
    cursor.execute(statement(f"replenishment/{name}"), values)
    return pd.DataFrame(cursor.fetchall(), columns=[column.name for column in cursor.description or ()])


def _copy(cursor: cursor, lines: pd.DataFrame) -> None:
    buffer = io.StringIO()
    lines.to_csv(buffer, index=False)
    buffer.seek(0)
    # The columns' names are those of this module's frame, none comes from outside.
    columns = ", ".join(lines.columns)
    cursor.copy_expert(f"COPY replenishment_plan ({columns}) FROM STDIN (FORMAT csv, HEADER true)", buffer)
