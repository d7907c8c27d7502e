"""What generated orders follow from: a profile, their number and a seed number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProfileName(StrEnum):
    """How the business behind generated orders behaves."""

    BUSINESS = "business"
    """It grows, has weeks, seasons and promotions, sells to all markets at once, and goes on without an end."""
    DATACO = "dataco"
    """As the published data set: flat demand, one market after another, and another shop from October 2017 on."""


@dataclass(frozen=True)
class Recipe:
    """From what orders are generated: the same recipe gives the same orders, whoever generates them and when.

    A database keeps the recipe of its orders, and its orders go on by it. So an orders' profile never changes: what
    shall be generated differently needs a profile of another name.

    Attributes:
        profile: how the business behaves.
        orders: how many orders the seeded history has, 1 or more; 65,752 have about 180,500 order lines.
        seed: seed number.

    Raises:
        ValueError: ``orders`` is below 1, or there is no such profile.
    """

    profile: ProfileName
    orders: int
    seed: int

    def __post_init__(self) -> None:
        if self.orders < 1:
            raise ValueError(f"orders: {self.orders} is below 1")
        # From the database it comes as a text.
        object.__setattr__(self, "profile", ProfileName(self.profile))

    @property
    def is_endless(self) -> bool:
        """Whether orders go on after the history."""
        return self.profile is ProfileName.BUSINESS
