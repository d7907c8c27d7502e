"""What a forecast can be asked for: names, types, bounds and defaults, in one place."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from supply_chain.orders.event import NO_DEMAND, OrderStatus

BASELINE = "baseline"
"""Name of the scenario that planning goes by."""

Id = Annotated[int, Field(ge=0)]


class ForecastParameters(BaseModel):
    """The parameters of one forecast, as they are kept in ``forecast_runs.parameters``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product_ids: list[Id] = Field(
        default_factory=list,
        description="Products whose forecasts are wanted; empty: all. The levels above are forecast all the same.",
    )
    retailer_ids: list[Id] = Field(
        default_factory=list,
        description="Stores whose forecasts are wanted; empty: all. The levels above are forecast all the same.",
    )
    start_date: date | None = Field(None, description="First day of demand to look at. Empty: all there is.")
    end_date: date | None = Field(None, description="Last day of demand to look at. Empty: the day before the cutoff.")
    forecast_duration: int = Field(30, ge=1, le=365, description="Days to forecast.")
    cutoff: date | None = Field(
        None,
        description="First day of the forecast. Empty: the day after end_date; else the run's logical date where that "
        "lies in the data; else the day after the last one received completely.",
    )
    service_level: float = Field(
        0.95, ge=0.5, lt=1, description="Probability of no stock-out, for the replenishment that follows."
    )
    scenario: str = Field(
        BASELINE,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$",
        description="Name to compare what-if runs by: letters, digits, spaces, - and _.",
    )
    demand_multiplier: float = Field(
        1.0, gt=0, le=10, description="What if demand were so many times what is expected?"
    )
    excluded_statuses: list[OrderStatus] = Field(
        default_factory=lambda: sorted(NO_DEMAND), description="Order statuses that are no demand."
    )

    @field_serializer("excluded_statuses")
    def _plain(self, statuses: list[OrderStatus]) -> list[str]:
        return [status.value for status in statuses]

    @property
    def is_baseline(self) -> bool:
        """Whether planning may go by this forecast: every series, all history, no what-if."""
        usual = ForecastParameters()
        narrowing = (
            "product_ids", "retailer_ids", "start_date", "end_date", "scenario", "demand_multiplier",
        )  # fmt: skip
        same = all(getattr(self, name) == getattr(usual, name) for name in narrowing)
        statuses = set(self.excluded_statuses) == set(usual.excluded_statuses)
        return same and statuses and self.forecast_duration >= usual.forecast_duration
