"""The stream's tables as they stand at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from supply_chain.database import statement
from supply_chain.ledger.contract import OrderLine, References
from supply_chain.ledger.recount import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal
    from typing import Any

    from psycopg2.extensions import connection, cursor

    from supply_chain.ledger.recount import AggregateKey, Place, StockKey


class Stock(NamedTuple):
    """The columns of ``inventory`` besides its key and the reorder level, which the stream does not touch."""

    opening_quantity: int
    received_quantity: int
    sold_quantity: int
    quantity_on_hand: int


class Averages(NamedTuple):
    """The averages of ``daily_aggregates``."""

    avg_real_shipping_days: Decimal
    avg_scheduled_shipping_days: Decimal
    avg_late_risk: Decimal


@dataclass(frozen=True)
class Tables:
    """All tables in one snapshot.

    ``aggregates`` has the sums of a row, in the order of :class:`.recount.Sums`, and its averages. The broker has every
    order line of ``source`` up to the position ``acknowledged``.
    """

    inventory: dict[StockKey, Stock]
    aggregates: dict[AggregateKey, tuple[tuple[int, ...], Averages]]
    rejected_events: dict[Place, Rejection]
    source: str | None
    acknowledged: int


def read_references(database: connection) -> References:
    """Read the ids that order lines may refer to; they cannot change as long as the topic exists."""
    with database, database.cursor() as cursor:
        return References(
            *(
                frozenset(row[0] for row in _rows(cursor, f"ledger/{name}"))
                for name in ("products", "retailers", "customers")
            )
        )


def read_order_lines(database: connection, after: int = 0) -> dict[int, OrderLine]:
    """Read the published source by position, from the line after a position on."""
    with database, database.cursor() as cursor:
        return {row[0]: OrderLine(*row[1:]) for row in _rows(cursor, "ledger/order_lines", {"after": after})}


def read_tables(database: connection, in_snapshot: Callable[[], None]) -> Tables:
    """Read the tables in one snapshot.

    Args:
        database: whose transactions are REPEATABLE READ.
        in_snapshot: called as soon as the snapshot is taken, before the rows are read.
    """
    with database, database.cursor() as cursor:
        source, acknowledged = next(_rows(cursor, "ledger/acknowledged"), (None, 0))
        in_snapshot()
        return Tables(
            {row[:2]: Stock(*row[2:]) for row in _rows(cursor, "ledger/inventory")},
            {row[:4]: (row[4:15], Averages(*row[15:])) for row in _rows(cursor, "ledger/daily_aggregates")},
            {row[:2]: Rejection(*row[2:]) for row in _rows(cursor, "ledger/rejected_events")},
            source,
            acknowledged,
        )


def _rows(cursor: cursor, name: str, values: dict[str, int] | None = None) -> Iterator[tuple[Any, ...]]:
    cursor.execute(statement(name), values)
    return iter(cursor)
