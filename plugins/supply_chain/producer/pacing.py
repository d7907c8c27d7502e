"""How fast order lines go out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CATCH_UP_SECONDS = 1.0
"""What was missed while nothing could be sent is made up for this long at most, instead of in one burst."""


class Pace:
    """Spreads order lines evenly over time.

    Args:
        lines_per_second: the rate; None sends at once.
        clock: seconds that never go back.
    """

    def __init__(self, lines_per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = clock()
        self.lines_per_second = lines_per_second

    @property
    def lines_per_second(self) -> float | None:
        """The rate; a new one holds from the next line on."""
        return self._lines_per_second

    @lines_per_second.setter
    def lines_per_second(self, rate: float | None) -> None:
        self._lines_per_second = rate
        self._next = min(self._next, self._clock())

    def seconds_to_wait(self) -> float:
        """Return the seconds until the next line is due; 0 if it is due."""
        if self._lines_per_second is None:
            return 0.0
        return max(0.0, self._next - self._clock())

    def sent(self) -> None:
        """Note that a line went out."""
        if self._lines_per_second is not None:
            self._next = max(self._next, self._clock() - CATCH_UP_SECONDS) + 1 / self._lines_per_second
