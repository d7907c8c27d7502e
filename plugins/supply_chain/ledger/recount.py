"""The stream's tables, recomputed from the messages of the topic."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from supply_chain.ledger.contract import OrderLine, RejectedError, read_order_line
from supply_chain.orders.event import NO_DEMAND, DeliveryStatus, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from supply_chain.ledger.contract import References

Place = tuple[int, int]
"""Partition and offset of a message."""

StockKey = tuple[int, int]
"""Store and product."""

AggregateKey = tuple["date", int, int, str]
"""UTC day, store, product, order status."""

DELIVERIES = (DeliveryStatus.LATE, DeliveryStatus.ON_TIME, DeliveryStatus.ADVANCE, DeliveryStatus.CANCELED)


class Sums(NamedTuple):
    """What order lines add up to; money in cents."""

    order_lines: int = 0
    total_item_quantity: int = 0
    total_sales_cents: int = 0
    total_profit_cents: int = 0
    sum_real_shipping_days: int = 0
    sum_scheduled_shipping_days: int = 0
    sum_late_risk: int = 0
    late_deliveries: int = 0
    on_time_deliveries: int = 0
    advance_deliveries: int = 0
    canceled_deliveries: int = 0

    def plus(self, line: OrderLine, times: int) -> Sums:
        """Add an order line, or take it away with ``times`` -1."""
        return Sums(
            self.order_lines + times,
            self.total_item_quantity + times * line.quantity,
            self.total_sales_cents + times * line.sales_cents,
            self.total_profit_cents + times * line.profit_cents,
            self.sum_real_shipping_days + times * line.real_shipping_days,
            self.sum_scheduled_shipping_days + times * line.scheduled_shipping_days,
            self.sum_late_risk + times * line.late_delivery_risk,
            *(
                count + times * (line.delivery_status == delivery)
                for count, delivery in zip(self[7:], DELIVERIES, strict=True)
            ),
        )


class Message(NamedTuple):
    """A message of the topic; ``source_position`` is None for one that the order producer did not send."""

    partition: int
    offset: int
    value: bytes | None
    source: str | None
    source_position: int | None


class PlacedLine(NamedTuple):
    """An order line, and the message that it was."""

    place: Place
    line: OrderLine


class Rejection(NamedTuple):
    """Why a message does not count, and how long it is."""

    reason: str
    field: str
    payload_bytes: int


@dataclass
class Counted:
    """Sums by store and product, and by day, store, product and status."""

    sold: dict[StockKey, int] = field(default_factory=lambda: defaultdict(int))
    aggregates: dict[AggregateKey, Sums] = field(default_factory=lambda: defaultdict(Sums))

    def add(self, line: OrderLine, times: int = 1) -> None:
        """Count an order line, or take it back with ``times`` -1."""
        key = aggregate_key(line)
        sums = self.aggregates[key].plus(line, times)
        if sums.order_lines:
            self.aggregates[key] = sums
        else:
            del self.aggregates[key]
        if line.order_status not in NO_DEMAND:
            self.sold[stock_key(line)] += times * line.quantity


class Recount:
    """What the messages read so far add up to.

    An id that several valid messages carry counts once, and which of them is the stream's to say, since messages of
    different partitions have no order: they stand in ``repeated`` instead of in ``counted``.
    """

    def __init__(self, references: References) -> None:
        self._references = references
        self.counted = Counted()
        self.rejections: dict[Place, Rejection] = {}
        self.repeated: dict[int, list[PlacedLine]] = {}
        self.lines: dict[int, list[PlacedLine]] = defaultdict(list)
        self.sent: dict[tuple[str, int], list[OrderLine | None]] = defaultdict(list)
        self.messages = 0
        self._first: dict[int, PlacedLine] = {}

    def add(self, messages: Iterable[Message]) -> None:
        """Take in messages, those of a partition in the order of their offsets."""
        for message in messages:
            self.messages += 1
            line = self._read(message)
            if message.source is not None and message.source_position is not None:
                self.sent[message.source, message.source_position].append(line)

    def lines_from(self, offsets: Mapping[int, int]) -> Iterable[OrderLine]:
        """Yield the order lines at or after an offset in each partition."""
        for partition, lines in self.lines.items():
            for placed in reversed(lines):
                if placed.place[1] < offsets.get(partition, 0):
                    break
                yield placed.line

    def _read(self, message: Message) -> OrderLine | None:
        place = (message.partition, message.offset)
        try:
            line = read_order_line(message.value, self._references)
        except RejectedError as rejection:
            self.rejections[place] = Rejection(rejection.reason, rejection.field, len(message.value or b""))
            return None
        placed = PlacedLine(place, line)
        self.lines[message.partition].append(placed)
        first = self._first.setdefault(line.order_item_id, placed)
        if first is placed:
            self.counted.add(line)
        else:
            if line.order_item_id not in self.repeated:
                self.counted.add(first.line, -1)
                self.repeated[line.order_item_id] = [first]
            self.repeated[line.order_item_id].append(placed)
        return line


def stock_key(line: OrderLine) -> StockKey:
    """Return the row of ``inventory`` that a line belongs to."""
    return line.retailer_id, line.product_id


def aggregate_key(line: OrderLine) -> AggregateKey:
    """Return the row of ``daily_aggregates`` that a line belongs to."""
    return line.ds, line.retailer_id, line.product_id, line.order_status


REPEATED = Reason.REPEATED_ORDER_ITEM_ID.value
