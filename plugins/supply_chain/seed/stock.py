"""How much stock a store opens with, and at which level it reorders."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import NormalDist


@dataclass(frozen=True)
class StockPolicy:
    """From demand to stock; the same seed gives the same stock.

    Attributes:
        lead_time_days: days from a reorder to its receipt.
        service_level: probability that the stock lasts for the lead time; 0.5 to less than 1.
        lowest_cover: opening stock as a share of what the period of the source asks for, at least.
        highest_cover: the same, at most; stores and products differ between the two.
        seed: seed number of that difference.
    """

    lead_time_days: int = 4
    service_level: float = 0.95
    lowest_cover: float = 0.97
    highest_cover: float = 1.1
    seed: int = 2015

    def __post_init__(self) -> None:
        if not 0.5 <= self.service_level < 1:
            raise ValueError(f"service_level: {self.service_level} is not between 0.5 and less than 1")
        if self.lead_time_days < 0:
            raise ValueError(f"lead_time_days: {self.lead_time_days} is below 0")
        if not 0 <= self.lowest_cover <= self.highest_cover:
            raise ValueError(
                f"lowest_cover: {self.lowest_cover} is not between 0 and highest_cover {self.highest_cover}"
            )

    @property
    def safety_factor(self) -> float:
        """Standard deviations of demand that the safety stock covers: the normal quantile of the service level."""
        return NormalDist().inv_cdf(self.service_level)

    def parameters(self) -> dict[str, float]:
        """Return the policy as bound values of a statement."""
        return {**asdict(self), "safety_factor": self.safety_factor}
