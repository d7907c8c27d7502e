"""What the producer reads from the database and writes to it: instructions, order lines, reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg2.extras import Json, RealDictCursor

from supply_chain.database import Role, connect, statement
from supply_chain.kafka.topics import ORDERS
from supply_chain.orders.recipe import Recipe

if TYPE_CHECKING:
    from datetime import date, datetime

    from supply_chain.settings import Settings


@dataclass(frozen=True)
class Instructions:
    """Which source is published, and what to do with it.

    ``checksum`` is None before anything is published; ``row_count`` order lines were seeded; ``recipe`` is what
    generated orders were generated from. ``replay_rate`` None is as fast as possible, in order lines a second, from the
    day ``history_until`` on.
    """

    checksum: str | None
    row_count: int
    recipe: Recipe | None
    desired_state: str
    replay_rate: float | None
    history_until: date | None


@dataclass(frozen=True)
class Report:
    """How far the replay is."""

    state: str
    source_checksum: str = ""
    last_position: int = 0
    lines_acknowledged: int = 0
    last_order_date: datetime | None = None
    lines_per_second: float = 0.0


@dataclass(frozen=True)
class Line:
    """An order line: its position, date and order, and its event as JSON text."""

    position: int
    order_date: datetime
    order_id: int
    event: str


class LastLine(NamedTuple):
    """The last order line that there is."""

    position: int
    order_item_id: int
    day: date


class ProducerDatabase:
    """The producer's one connection.

    Raises:
        psycopg2.Error: the database cannot be reached; so do all methods.
    """

    def __init__(self, settings: Settings) -> None:
        self._connection = connect(settings, Role.PRODUCER, application="order producer")
        # No transaction stays open: a paused replay must not keep the server from cleaning up.
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()

    def lock(self) -> bool:
        """Become the only producer of this deployment, until the connection ends; say whether that worked."""
        self._cursor.execute(statement("producer/lock"))
        return self._cursor.fetchone() == (True,)

    def instructions(self) -> Instructions:
        """Read what to do."""
        with self._connection.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(statement("producer/instructions"))
            row: dict[str, Any] = {**(cursor.fetchone() or {})}
            return Instructions(**{**row, "recipe": Recipe(**row["recipe"]) if row["recipe"] else None})

    def lines(self, after: int, limit: int) -> list[Line]:
        """Read the order lines that follow a position, in order."""
        self._cursor.execute(statement("producer/lines"), {"after": after, "limit": limit})
        return [Line(*row) for row in self._cursor]

    def last_line(self) -> LastLine:
        """Return the last order line; there must be one."""
        self._cursor.execute(statement("producer/last_line"))
        return LastLine(*(self._cursor.fetchone() or ()))

    def product_ids(self) -> frozenset[int]:
        """Return the products that order lines may refer to."""
        self._cursor.execute(statement("producer/products"))
        return frozenset(product for (product,) in self._cursor)

    def locations(self) -> dict[tuple[str, ...], int]:
        """Return the ids of the places that orders may go to, by market, region, country, state and city."""
        self._cursor.execute(statement("producer/locations"))
        return {tuple(place): location_id for location_id, *place in self._cursor}

    def append_day(self, lines: list[dict[str, Any]], *, after: int, checksum: str) -> int:
        """Add order lines after the last one, in one statement.

        Args:
            lines: by the columns of ``order_lines``; position and store are found by the statement.
            after: position of the last line; nothing is added where it is another one.
            checksum: of the source that the lines continue; nothing is added where another one is published.

        Returns:
            How many lines were added: all or none.
        """
        values = {"lines": Json(lines), "after": after, "checksum": checksum}
        self._cursor.execute(statement("producer/append_day"), values)
        return self._cursor.rowcount

    def report(self, report: Report) -> None:
        """Write down how far the replay is."""
        self._cursor.execute(statement("producer/report"), {"topic": ORDERS, **asdict(report)})

    def close(self) -> None:
        """End the connection, and with it the lock."""
        self._connection.close()
