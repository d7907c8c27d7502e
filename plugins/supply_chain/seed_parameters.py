"""What a seeding can be asked for: names, types, bounds and defaults, apart from what seeding needs to be imported."""

from __future__ import annotations

from statistics import NormalDist
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class StockPolicy(BaseModel):
    """How much stock a store opens with, and at which level it reorders; the same seed number gives the same stock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lead_time_days: int = Field(
        4, ge=0, le=90, title="Lead time, in days", description="Days from a reorder to its receipt."
    )
    service_level: float = Field(
        0.95,
        ge=0.5,
        lt=1,
        title="Service level, as a share of 1",
        description="Probability that the stock lasts for the lead time. 0.95 means 95 %.",
    )
    lowest_cover: float = Field(
        0.97,
        ge=0,
        le=10,
        title="Least opening stock, as a share of demand",
        description="Smallest opening stock of a product in a store, divided by its demand in the whole period of "
        "the source.",
    )
    highest_cover: float = Field(
        1.1,
        ge=0,
        le=10,
        title="Most opening stock, as a share of demand",
        description="Largest opening stock, divided by demand in the same way. The others are between the two.",
    )
    seed: int = Field(
        2015,
        ge=0,
        title="Seed number",
        description="Seed of the random numbers that distribute the opening stock. The same seed gives the same stock.",
    )

    @model_validator(mode="after")
    def _covers_are_in_order(self) -> Self:
        if self.lowest_cover > self.highest_cover:
            raise ValueError(
                f"lowest_cover: {self.lowest_cover} is more than highest_cover, {self.highest_cover}; lower it"
            )
        return self

    @property
    def safety_factor(self) -> float:
        """Standard deviations of demand that the safety stock covers: the normal quantile of the service level."""
        return NormalDist().inv_cdf(self.service_level)

    def parameters(self) -> dict[str, float]:
        """Return the policy as bound values of a statement."""
        return {**self.model_dump(include=set(StockPolicy.model_fields)), "safety_factor": self.safety_factor}


class SeedParameters(StockPolicy):
    """The params of the DAG ``seed_database``."""

    replace: bool = Field(
        False,
        title="Replace what is published",
        description="Replace the published source by another one, and delete everything computed from it. Stop the "
        "stream first.",
    )
