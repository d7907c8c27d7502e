"""One measurement and the lean alternative beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured; rates in order lines a second."""

    what: str
    lines: int
    seconds: float
    lean: str
    lean_rate: float

    @property
    def rate(self) -> float:
        """Order lines a second."""
        return self.lines / self.seconds
