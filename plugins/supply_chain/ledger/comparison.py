"""Compares what the topic adds up to with the tables, row by row, over as many cuts as it takes."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from supply_chain.ledger.recount import REPEATED, Sums, aggregate_key, stock_key
from supply_chain.ledger.report import Difference
from supply_chain.ledger.tables import Averages, Stock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from supply_chain.ledger.contract import OrderLine
    from supply_chain.ledger.recount import Counted, Recount
    from supply_chain.ledger.tables import Tables

TABLES = ("inventory", "daily_aggregates", "rejected_events", "orders")
"""What is compared; ``orders`` is the topic itself, against the published source."""

_KEYS = {
    "inventory": ("retailer_id", "product_id"),
    "daily_aggregates": ("ds", "retailer_id", "product_id", "order_status"),
    "rejected_events": ("kafka_partition", "kafka_offset"),
    "orders": ("position",),
}
_AVERAGE_TOLERANCE = Decimal("1e-12")


class Comparison:
    """What was compared so far.

    At a cut, a row is at rest if no message that concerns it is still on its way to the table. Rows at rest are
    compared. ``waiting`` has the rows of the first cut that were never at rest so far.
    """

    def __init__(self) -> None:
        self.compared: dict[str, set[Any]] = {table: set() for table in TABLES}
        self.differences: dict[tuple[str, Any], Difference] = {}
        self.waiting: set[tuple[str, Any]] | None = None

    def at(
        self,
        recount: Recount,
        tables: Tables,
        source: Mapping[int, OrderLine],
        counted_up_to: Mapping[int, int],
    ) -> None:
        """Compare the rows that are at rest at a cut.

        Args:
            recount: of every message up to an end of the topic that was seen after the tables.
            tables: in one snapshot, read after ``counted_up_to``.
            source: the published order lines by position.
            counted_up_to: by partition the offset before which everything is in the tables.
        """
        moving = _Moving(recount, counted_up_to)
        waiting = set(self._rejections(recount, tables))
        with _with_repeats(recount, tables, moving) as counted:
            waiting |= set(self._inventory(counted, tables, moving))
            waiting |= set(self._aggregates(counted, tables, moving))
        self._orders(recount, tables, source)
        if self.waiting is not None:
            waiting &= self.waiting
        self.waiting = {(table, key) for table, key in waiting if key not in self.compared[table]}

    def give_up_waiting(self, recount: Recount) -> None:
        """Take for missing what is still not in ``rejected_events``, although the stream has read everything."""
        for table, place in [each for each in self.waiting or () if each[0] == "rejected_events"]:
            rejection = recount.rejections.get(place)
            self._compare(table, place, rejection._asdict() if rejection else {"reason": REPEATED}, None)

    def _inventory(self, counted: Counted, tables: Tables, moving: _Moving) -> Iterator[tuple[str, Any]]:
        for key in tables.inventory.keys() | counted.sold.keys():
            if key in moving.stock:
                yield "inventory", key
                continue
            found, sold = tables.inventory.get(key), counted.sold.get(key, 0)
            opening, received = found[:2] if found else (0, 0)
            expected = Stock(opening, received, sold, opening + received - sold)
            if found or sold:
                self._compare("inventory", key, expected._asdict(), found._asdict() if found else None)

    def _aggregates(self, counted: Counted, tables: Tables, moving: _Moving) -> Iterator[tuple[str, Any]]:
        for key in tables.aggregates.keys() | counted.aggregates.keys():
            if key in moving.aggregates:
                yield "daily_aggregates", key
                continue
            sums, row = counted.aggregates.get(key), tables.aggregates.get(key)
            if sums is not None and row is not None and sums == row[0] and _are_averages(row[1], sums):
                self.compared["daily_aggregates"].add(key)
            else:
                expected = sums._asdict() | _averages(sums)._asdict() if sums else None
                found = Sums(*row[0])._asdict() | row[1]._asdict() if row else None
                self._compare("daily_aggregates", key, expected, found)

    def _rejections(self, recount: Recount, tables: Tables) -> Iterator[tuple[str, Any]]:
        for place, expected in recount.rejections.items():
            found = tables.rejected_events.get(place)
            # A rejected message takes a way of its own to the table, through a transaction of its topic.
            if found is None:
                yield "rejected_events", place
            else:
                self._compare("rejected_events", place, expected._asdict(), found._asdict())
        repeats = {each.place for lines in recount.repeated.values() for each in lines}
        for place, found in tables.rejected_events.items():
            if place in repeats and found[:2] == (REPEATED, "order_item_id"):
                self.compared["rejected_events"].add(place)
            elif place not in recount.rejections:
                self._compare("rejected_events", place, None, found._asdict())
        for lines in recount.repeated.values():
            left = [each.place for each in lines if each.place not in tables.rejected_events]
            if not left:
                self._compare("rejected_events", lines[0].place, None, {"reason": f"{REPEATED}, of all that carry it"})
            elif len(left) > 1:
                yield "rejected_events", left[-1]

    def _orders(self, recount: Recount, tables: Tables, source: Mapping[int, OrderLine]) -> None:
        """The published source is in the topic: no line lost, none twice, none altered."""
        if tables.source is None:
            return
        present = {position for name, position in recount.sent if name == tables.source}
        for position in present.union(range(1, tables.acknowledged + 1)):
            sent, expected = recount.sent.get((tables.source, position), []), source.get(position)
            if sent == [expected]:
                self.compared["orders"].add((position,))
            else:
                self._compare("orders", (position,), {"messages": [expected]}, {"messages": sent})

    def _compare(
        self, table: str, key: tuple[Any, ...], expected: dict[str, Any] | None, found: dict[str, Any] | None
    ) -> None:
        self.compared[table].add(key)
        if expected != found:
            named = dict(zip(_KEYS[table], key, strict=True))
            self.differences[table, key] = Difference(table, named, expected, found)


class _Moving:
    """The rows that messages on their way to the tables concern."""

    def __init__(self, recount: Recount, counted_up_to: Mapping[int, int]) -> None:
        self.stock: set[Any] = set()
        self.aggregates: set[Any] = set()
        for line in recount.lines_from(counted_up_to):
            self.add(line)

    def add(self, line: OrderLine) -> None:
        self.stock.add(stock_key(line))
        self.aggregates.add(aggregate_key(line))


@contextmanager
def _with_repeats(recount: Recount, tables: Tables, moving: _Moving) -> Iterator[Counted]:
    """Count of every repeated id the message that the stream did not reject; until it is decided, the rows move."""
    counted = []
    for lines in recount.repeated.values():
        left = [each.line for each in lines if each.place not in tables.rejected_events]
        if len(left) > 1:
            for each in lines:
                moving.add(each.line)
        else:
            counted += left
    for line in counted:
        recount.counted.add(line)
    try:
        yield recount.counted
    finally:
        for line in counted:
            recount.counted.add(line, -1)


def _averages(sums: Sums) -> Averages:
    return Averages(
        *(
            Decimal(total) / sums.order_lines
            for total in (sums.sum_real_shipping_days, sums.sum_scheduled_shipping_days, sums.sum_late_risk)
        )
    )


def _are_averages(found: Averages, sums: Sums) -> bool:
    """Whether averages are right to the last digits that PostgreSQL keeps."""
    return all(abs(one - other) <= _AVERAGE_TOLERANCE for one, other in zip(found, _averages(sums), strict=True))
