"""What a forecast can be asked for: names, types, bounds and defaults, in one place."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotations
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_serializer, model_validator

from supply_chain.orders.event import NO_DEMAND, OrderStatus

BASELINE = "baseline"
"""Name of the scenario that planning goes by."""

LONGEST_NAME = 64
LARGEST_FACTOR = 10

Id = Annotated[int, Field(ge=0)]


def _share(value: Any) -> Any:
    """Read a service level above 1 as percent: 98 is 0.98. No share is above 1, so nothing is read in two ways."""
    if isinstance(value, str):
        value = value.strip().removesuffix("%").strip().replace(",", ".")
        try:
            value = float(value)
        except ValueError:
            return value
    return value / 100 if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 1 else value


def _in_bounds(value: float) -> float:
    if not 0.5 <= value < 1:
        raise ValueError(
            f"is {100 * value:g} %, and has to be 50 to less than 100 %; write it in percent, 98, or as a share, 0.98"
        )
    return value


ServiceLevel = Annotated[float, BeforeValidator(_share), AfterValidator(_in_bounds)]
"""A share from 0.5 to less than 1, or in percent from 50 to less than 100."""


class DemandChange(BaseModel):
    """A what-if for some days, products or stores: what is expected of them is multiplied.

    Of ``factor`` (1.2) and ``percent`` (20, or -20) one is given. What is left out is not narrowed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)

    first_day: date | None = Field(None, alias="from")
    last_day: date | None = Field(None, alias="to")
    factor: float | None = Field(None, ge=0, le=LARGEST_FACTOR)
    percent: float | None = Field(None, ge=-100, le=100 * (LARGEST_FACTOR - 1))
    product: int | str | None = None
    category: str | None = None
    store: int | str | None = None
    of: str | None = Field(None, description="Names of what is changed, as the check of the params writes them down.")

    @model_validator(mode="after")
    def _is_one_change(self) -> Self:
        if (self.factor is None) == (self.percent is None):
            raise ValueError("give either factor, such as 1.2, or percent, such as 20")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"to: {self.last_day} is before from, {self.first_day}")
        return self

    @property
    def multiplier(self) -> float:
        """By what demand is multiplied."""
        return self.factor if self.factor is not None else 1 + (self.percent or 0) / 100

    def in_words(self) -> str:
        """Return the change as people say it: ``+20 % from 2017-12-01 to 2017-12-31 for Fishing``."""
        days = [f"from {self.first_day}" if self.first_day else "", f"to {self.last_day}" if self.last_day else ""]
        given = ", ".join(str(each) for each in (self.product, self.category, self.store) if each is not None)
        of = self.of or given
        return " ".join(filter(None, [f"{100 * (self.multiplier - 1):+g} %", *days, of and f"for {of}"]))


class ForecastParameters(BaseModel):
    """The parameters of one forecast, as they are kept in ``forecast_runs.parameters``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product_ids: list[Id] = Field(
        default_factory=list,
        title="Products",
        description="Products to forecast. Empty: all. The run always includes the levels above them.",
    )
    retailer_ids: list[Id] = Field(
        default_factory=list,
        title="Stores",
        description="Stores to forecast. Empty: all. The run always includes the levels above them.",
    )
    forecast_duration: int = Field(
        70,
        ge=1,
        le=365,
        title="Length of the forecast (days)",
        description="Days to forecast. Plans use a forecast for five weeks, and each plan needs some weeks of it.",
    )
    cutoff: date | None = Field(
        None,
        title="First day of the forecast",
        description="The forecast uses only days before it. Empty: the day after the last day of history. Without "
        "that, a what-if uses the first day of the newest baseline, and other runs their logical date if the data "
        "contains it, or else the day after the last complete day.",
    )
    start_date: date | None = Field(
        None, title="First day of history", description="First day of demand to use. Empty: the first day of the data."
    )
    end_date: date | None = Field(
        None,
        title="Last day of history",
        description="Last day of demand to use. Empty: the day before the first day of the forecast.",
    )
    excluded_statuses: list[OrderStatus] = Field(
        default_factory=lambda: sorted(NO_DEMAND),
        title="Order statuses that are no demand",
        description="The forecast ignores orders with these statuses.",
    )
    scenario: str = Field(
        BASELINE,
        min_length=1,
        max_length=LONGEST_NAME,
        title="Name of the what-if",
        description=f"Any text of up to {LONGEST_NAME} characters. If you leave it at {BASELINE}, the name describes "
        "what the what-if changes.",
    )
    demand_multiplier: float = Field(
        1.0,
        gt=0,
        le=LARGEST_FACTOR,
        title="Demand of everything (factor)",
        description="Factor for the expected demand of all products. 1.2 means 20 % more.",
    )
    demand_changes: list[DemandChange] = Field(
        default_factory=list,
        title="Demand of some days, products or stores",
        description='A list of changes, such as [{"from": "2017-12-01", "to": "2017-12-31", "percent": 20, '
        '"category": "Fishing"}]. Use factor in place of percent if you like. product, category, store, from and to '
        "are optional.",
    )
    service_level: ServiceLevel = Field(
        0.95,
        title="Service level (share or %)",
        description="Probability of no stock-out in the plan that follows: 0.95, or 95 for 95 %. A value other than "
        "95 % makes a what-if.",
    )

    @field_serializer("excluded_statuses")
    def _plain(self, statuses: list[OrderStatus]) -> list[str]:
        return [status.value for status in statuses]

    @property
    def is_what_if(self) -> bool:
        """Whether it asks what would be if: by a name of its own, a change of demand or another service level."""
        usual = ForecastParameters()
        names = ("scenario", "demand_multiplier", "demand_changes", "service_level")
        return any(getattr(self, name) != getattr(usual, name) for name in names)

    @property
    def is_baseline(self) -> bool:
        """Whether planning may go by this forecast: every series, all history, no what-if."""
        usual = ForecastParameters()
        narrowing = ("product_ids", "retailer_ids", "start_date", "end_date")
        same = all(getattr(self, name) == getattr(usual, name) for name in narrowing)
        statuses = set(self.excluded_statuses) == set(usual.excluded_statuses)
        return not self.is_what_if and same and statuses and self.forecast_duration >= usual.forecast_duration

    @property
    def demand_in_words(self) -> str:
        """By how much the demand differs from what is expected."""
        changes = [] if self.demand_multiplier == 1 else [f"{100 * (self.demand_multiplier - 1):+g} %"]
        return "; ".join([*changes, *(change.in_words() for change in self.demand_changes)]) or "as forecast"

    def named(self) -> ForecastParameters:
        """Return the same with a name for a what-if that has none: what it changes."""
        if self.scenario.strip() != BASELINE or not self.is_what_if:
            return self.model_copy(update={"scenario": self.scenario.strip()})
        words = "" if self.demand_in_words == "as forecast" else self.demand_in_words
        if self.service_level != ForecastParameters().service_level:
            words += f"{', ' if words else ''}{100 * self.service_level:g} % service"
        shortened = words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"
        return self.model_copy(update={"scenario": shortened})
