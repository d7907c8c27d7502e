"""The order producer as a part of the native stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.database import Role, statement, transaction
from supply_chain.paths import python_of
from supply_chain.stream.observation import HEARTBEAT_LIMIT_SECONDS

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def command(settings: Settings) -> list[str]:
    """Return the command line of the producer, in the foreground."""
    return [str(python_of("native")), "-m", "supply_chain.producer"]


def probe(settings: Settings) -> None:
    """Check that the producer has reported lately.

    Raises:
        psycopg2.OperationalError: PostgreSQL cannot be reached.
        RuntimeError: it has not reported.
    """
    with transaction(settings, Role.PRODUCER, "check of the producer") as cursor:
        cursor.execute(statement("producer/report_age"))
        row = cursor.fetchone()
    age = row[0] if row else None
    if age is None:
        raise RuntimeError("it has not reported yet")
    if age.total_seconds() > HEARTBEAT_LIMIT_SECONDS:
        raise RuntimeError(f"its last report is {age.total_seconds():.0f} s old")
