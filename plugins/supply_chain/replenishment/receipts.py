"""Simulated receipts: what plans have ordered arrives in stock after its lead time, each line exactly once."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supply_chain.database import Role, statement, transaction
from supply_chain.replenishment.runs import ReplenishmentError, load_run

if TYPE_CHECKING:
    from datetime import date

    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 60
"""How long to try for rows that others hold; the stream holds one for milliseconds."""

PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class Receipts:
    """What was booked: lines of plans, and their units."""

    lines: int
    units: int


def book_due(settings: Settings, plan_id: str) -> Receipts:
    """Book what is due on the first day of a plan, whichever plan ordered it.

    Raises:
        ReplenishmentError: the plan is not complete, or others hold rows for too long; what was booked is booked.
    """
    with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
        run = load_run(cursor, plan_id)
    if run.plan_day is None:
        raise ReplenishmentError(f"plan {plan_id} is not complete: run the task plan again")
    return book(settings, run.plan_day)


def book(settings: Settings, day: date, *, patience_seconds: float = PATIENCE_SECONDS) -> Receipts:
    """Add what is due on a day or before to ``inventory.received_quantity``.

    A line's units and its mark are written by one statement, so however often this is tried, by however many at once
    and wherever one of them is killed, a line is booked once.

    Raises:
        ReplenishmentError: others hold rows for too long; what was booked is booked.
    """
    deadline = time.monotonic() + patience_seconds
    lines = units = 0
    while True:
        with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
            cursor.execute(statement("replenishment/book_receipts"), {"day": day})
            booked = cursor.fetchone() or (0, 0)
        lines, units = lines + booked[0], units + booked[1]
        with transaction(settings, Role.FORECASTER, "replenishment") as cursor:
            cursor.execute(statement("replenishment/due_receipts"), {"day": day})
            (left,) = cursor.fetchone() or (0,)
        if left == 0:
            log.info("booked %s receipts, %s units, due by %s", f"{lines:,}", f"{units:,}", day)
            return Receipts(lines, units)
        if time.monotonic() > deadline:
            raise ReplenishmentError(
                f"{left:,} receipts due by {day} are held by other transactions for {patience_seconds:.0f} s "
                f"(pg_stat_activity shows them); {lines:,} were booked, run the task again for the rest"
            )
        time.sleep(PAUSE_SECONDS)
