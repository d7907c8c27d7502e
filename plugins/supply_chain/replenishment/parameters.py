"""What a plan can be asked for: names, types, bounds and defaults, in one place."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supply_chain.forecast_runs.parameters import ServiceLevel  # noqa: TC001 - pydantic reads the annotations


class ReplenishmentParameters(BaseModel):
    """The parameters of one plan, as they are kept in ``replenishment_runs.parameters``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    forecast_run_id: str | None = Field(
        None,
        min_length=1,
        max_length=250,
        title="Forecast to plan by",
        description="Id of the forecast to use, from forecast_runs. Empty: the newest that covers all series.",
    )
    service_level: ServiceLevel | None = Field(
        None,
        title="Service level (share or %)",
        description="Probability of no stock-out in a protection period: 0.98, or 98 for 98 %. Empty: that of the "
        "forecast's run.",
    )
    review_period_days: int = Field(
        7, ge=1, le=90, title="Review period (days)", description="Days between two plans that can order."
    )
    order_cycle_days: int = Field(
        7,
        ge=1,
        le=365,
        title="Order cycle (days)",
        description="Days of demand that an order covers above the reorder point.",
    )
    lead_time_days: int | None = Field(
        None,
        ge=0,
        le=90,
        title="Lead time (days)",
        description="Days from an order to its receipt. Empty: as measured for each product in each store.",
    )
    minimum_order: int = Field(
        0, ge=0, le=1_000_000, title="Smallest order (units)", description="Minimum order quantity."
    )
    order_multiple: int = Field(
        1,
        ge=1,
        le=1_000_000,
        title="Pack size (units)",
        description="Units per pack. Plans round orders up to whole packs.",
    )
    maximum_order: int | None = Field(
        None,
        ge=0,
        le=1_000_000_000,
        title="Largest order (units)",
        description="Maximum order quantity. Empty or 0: no limit.",
    )
    simulate_receipts: bool = Field(
        False,
        title="Simulate receipts",
        description="Treat the suggestions as orders, which arrive in stock after their lead time.",
    )

    @model_validator(mode="after")
    def _some_order_is_possible(self) -> Self:
        if self.largest_order is not None and self.largest_order < self.smallest_order:
            raise ValueError(
                f"maximum_order: {self.maximum_order} allows no order, since with minimum_order {self.minimum_order} "
                f"and order_multiple {self.order_multiple} the smallest one has {self.smallest_order}; raise "
                "maximum_order, or lower one of the others"
            )
        return self

    @property
    def smallest_order(self) -> int:
        """Least units of an order that is a multiple."""
        return self.order_multiple * max(-(-self.minimum_order // self.order_multiple), 1)

    @property
    def largest_order(self) -> int | None:
        """Most units of an order that is a multiple; None: no limit."""
        return self.order_multiple * (self.maximum_order // self.order_multiple) if self.maximum_order else None
