"""Which planning is due, counted in days of the data: the machine's clock says nothing about a replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from supply_chain.database import Role, statement, transaction
from supply_chain.stream.days import newest_complete_day

if TYPE_CHECKING:
    from datetime import date

    from supply_chain.settings import Settings

PATIENCE_MINUTES = 5
"""How long a forecast or a plan that has begun keeps others from being begun, should it fail."""


class Planning(StrEnum):
    """What can be due."""

    FORECAST = "forecast"
    PLAN = "plan"


@dataclass(frozen=True)
class PlannedDays:
    """How far the data and the planning are.

    Attributes:
        complete_day: the newest day whose orders are all in the tables.
        forecast_day: first day of the newest baseline forecast; None: there is none.
        forecast_end: first day that no baseline forecast covers.
        plan_day: day of the newest plan by a baseline forecast; None: there is none.
        forecast_under_way: whether such a forecast runs, or failed within the last :data:`PATIENCE_MINUTES`.
        plan_under_way: the same for the plan.
    """

    complete_day: date
    forecast_day: date | None
    forecast_end: date | None
    plan_day: date | None
    forecast_under_way: bool
    plan_under_way: bool

    @property
    def present_day(self) -> date:
        """The day after the last one that was received completely: plans and forecasts begin with it."""
        return self.complete_day + timedelta(days=1)


def read(settings: Settings, run_id: str = "") -> PlannedDays | None:
    """Read how far the data and the planning are; None before a day is complete.

    Args:
        settings: the deployment.
        run_id: a run that does not count as under way: the one that asks.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    with transaction(settings, Role.FORECASTER, "planning due") as cursor:
        complete_day = newest_complete_day(cursor)
        if complete_day is None:
            return None
        cursor.execute(
            statement("orchestration/planned_days"), {"patience_minutes": PATIENCE_MINUTES, "run_id": run_id}
        )
        found = cursor.fetchone()
    return PlannedDays(complete_day, *found) if found else None


def due(settings: Settings, days: PlannedDays) -> dict[Planning, str]:
    """Say what is due and why, in words.

    Nothing is due before the first forecast, which `make demo`, the daily run or a person makes. A plan does not wait
    for a forecast that is due as well: that may take longer than a day of the data. Another plan follows the forecast.
    """
    if days.forecast_day is None or days.forecast_end is None:
        return {}
    found = {}
    age = (days.present_day - days.forecast_day).days
    if age >= settings.forecast_every_days and not days.forecast_under_way:
        found[Planning.FORECAST] = f"the newest forecast begins with {days.forecast_day}, {age} days ago"
    planned = max(days.forecast_day, days.plan_day or days.forecast_day)
    age = (days.present_day - planned).days
    if age >= settings.plan_every_days and not days.plan_under_way and days.present_day < days.forecast_end:
        found[Planning.PLAN] = f"the newest plan is that of {planned}, {age} days ago"
    return found
