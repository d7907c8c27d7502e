"""The runs of the planning: one row in ``replenishment_runs`` each, from what was asked for to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supply_chain.database import Role, statement, transaction
from supply_chain.parameters import ParametersError, parse
from supply_chain.replenishment.parameters import ReplenishmentParameters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings


class ReplenishmentError(RuntimeError):
    """A plan cannot be made; the message says why and what to do."""


class ForecastEndsError(ReplenishmentError):
    """The forecast does not reach as far as a plan of this day needs it."""


class NoForecastError(ReplenishmentError):
    """There is no forecast to plan by yet."""


@dataclass(frozen=True)
class PlanRun:
    """One plan that was asked for.

    Attributes:
        plan_id: that of the DAG's run.
        status: running, complete or failed.
        forecast_run_id: the forecast that it goes by.
        forecast_status: that of the forecast's run.
        cutoff: first day of the forecast.
        excluded_statuses: of orders that are no demand.
        service_level: probability of no stock-out in a protection period.
        parameters: what was asked for.
        plan_day: first day of the plan; None before it is complete.
        compared_plan_id: for a what-if, the plan of the baseline that it is compared with, if there is one.
    """

    plan_id: str
    status: str
    forecast_run_id: str
    forecast_status: str
    cutoff: date
    excluded_statuses: list[str]
    service_level: float
    parameters: ReplenishmentParameters
    plan_day: date | None
    compared_plan_id: str | None


@dataclass(frozen=True)
class PlanSummary:
    """What came out of a plan: counts of pairs, and the units and the value of all suggestions."""

    plan_day: date
    pairs_planned: int
    pairs_without_forecast: int
    pairs_to_order: int
    pairs_in_backorder: int
    pairs_out_of_stock: int | None
    stock_outs_7_days: int
    stock_outs_28_days: int
    suggested_units: int
    suggested_value: Decimal

    def lines(self) -> list[str]:
        """Return the summary as a table for people."""
        figures = {
            "first day": str(self.plan_day),
            "pairs of store and product planned": f"{self.pairs_planned:,}",
            "pairs whose forecast failed": f"{self.pairs_without_forecast:,}",
            "pairs out of stock now": f"{self.pairs_out_of_stock or 0:,}",
            "of them in backorder": f"{self.pairs_in_backorder:,}",
            "pairs that run out within 7 days": f"{self.stock_outs_7_days:,}",
            "pairs that run out within 28 days": f"{self.stock_outs_28_days:,}",
            "pairs to order": f"{self.pairs_to_order:,}",
            "units to order": f"{self.suggested_units:,}",
            "value of the orders": f"{self.suggested_value:,.2f}",
        }
        return [f"{name:<42}{figure:>18}" for name, figure in figures.items()]


def begin(
    settings: Settings,
    plan_id: str,
    params: Mapping[str, Any],
    *,
    triggered_by: str,
    announced_forecast: str | None = None,
    simulate_receipts: bool = False,
) -> PlanRun:
    """Check what is asked for, choose the forecast, and write both down.

    Args:
        settings: the deployment.
        plan_id: that of the DAG's run. A plan that is complete stays as it is.
        params: of the DAG; see :class:`ReplenishmentParameters`. None is as good as left out.
        triggered_by: who or what asked.
        announced_forecast: the run of the forecast that started this plan. One that is not complete any more counts as
            none.
        simulate_receipts: whether the orders of the plan arrive in stock though the params do not say so; only those
            of a baseline.

    Returns:
        The plan to make, or the one that is made already.

    Raises:
        NoForecastError: no forecast is complete that planning can go by.
        ReplenishmentError: naming each param that cannot be met, its value, and what is allowed.
    """
    parameters = _checked(params)
    with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
        if parameters.forecast_run_id is not None:
            found = _complete_forecast(cursor, parameters.forecast_run_id)
            if found is None:
                raise ReplenishmentError(
                    f"forecast_run_id: {parameters.forecast_run_id} is no complete forecast; name one of forecast_runs "
                    "whose status is complete, or leave it empty for the newest"
                )
        else:
            announced = _complete_forecast(cursor, announced_forecast) if announced_forecast else None
            found = announced or _complete_forecast(cursor, None)
        if found is None:
            raise NoForecastError("There is no complete forecast of every pair yet: trigger forecast_demand first.")
        run_id, is_baseline, cutoff, forecast_level = found
        if simulate_receipts and is_baseline:
            parameters = parameters.model_copy(update={"simulate_receipts": True})
        if parameters.simulate_receipts and not is_baseline:
            raise ReplenishmentError(
                f"simulate_receipts: forecast {run_id} is a what-if or covers a part of the pairs, and stock follows "
                "forecasts of everything alone; plan without simulate_receipts, or leave forecast_run_id empty"
            )
        service_level = forecast_level if parameters.service_level is None else parameters.service_level
        cursor.execute(
            statement("replenishment/begin_run"),
            {
                "plan_id": plan_id,
                "forecast_run_id": run_id,
                "service_level": service_level,
                "parameters": parameters.model_dump_json(),
                "is_what_if": not is_baseline,
                "cutoff": cutoff,
                "triggered_by": triggered_by,
            },
        )
        return load_run(cursor, plan_id)


def load_run(cursor: cursor, plan_id: str) -> PlanRun:
    """Read what a plan is to be in the cursor's transaction.

    Raises:
        ReplenishmentError: there is no such plan.
    """
    cursor.execute(statement("replenishment/load_run"), {"plan_id": plan_id})
    row = cursor.fetchone()
    if row is None:
        raise ReplenishmentError(
            f"replenishment_runs has no plan {plan_id}: trigger the DAG plan_replenishment, which writes its row"
        )
    status, forecast_run_id, service_level, parameters, plan_day, compared, forecast_status, cutoff, excluded = row
    return PlanRun(
        plan_id=plan_id,
        status=status,
        forecast_run_id=forecast_run_id,
        forecast_status=forecast_status,
        cutoff=cutoff,
        excluded_statuses=excluded,
        service_level=service_level,
        parameters=ReplenishmentParameters.model_validate(parameters),
        plan_day=plan_day,
        compared_plan_id=compared,
    )


def load_summary(cursor: cursor, plan_id: str) -> PlanSummary:
    """Read what came out of a plan in the cursor's transaction.

    Raises:
        ReplenishmentError: the plan is not complete.
    """
    cursor.execute(statement("replenishment/load_summary"), {"plan_id": plan_id})
    row = cursor.fetchone()
    if row is None:
        raise ReplenishmentError(f"plan {plan_id} is not complete: run the task plan again")
    return PlanSummary(*row)


def fail(settings: Settings, plan_id: str, message: str) -> None:
    """Write down that a plan was not made, unless it is complete."""
    with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
        cursor.execute(statement("replenishment/fail_run"), {"plan_id": plan_id, "failure": message})


def _checked(params: Mapping[str, Any]) -> ReplenishmentParameters:
    try:
        return parse(ReplenishmentParameters, params)
    except ParametersError as error:
        raise ReplenishmentError("this plan cannot be made:\n  " + "\n  ".join(error.problems)) from None


def _complete_forecast(cursor: cursor, run_id: str | None) -> tuple[str, bool, date, float] | None:
    cursor.execute(statement("replenishment/choose_forecast"), {"run_id": run_id})
    return cursor.fetchone()
