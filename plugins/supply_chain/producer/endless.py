"""Generated orders without an end: when the last order line is sent, another day of orders is added after it.

A day follows from the recipe of the seeded orders and from the day alone, and is added whole or not at all. So it does
not matter when a producer dies, and which one goes on.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from supply_chain.orders.columns import COLUMNS, Moment
from supply_chain.orders.event import FIELDS, LAST_ORDER_DATE
from supply_chain.orders.generator import DATE_FORMAT, DESTINATION_COLUMNS, order_lines
from supply_chain.orders.profiles.business import Business

if TYPE_CHECKING:
    from supply_chain.orders.drawing import Draw
    from supply_chain.orders.recipe import Recipe
    from supply_chain.producer.database import ProducerDatabase

log = logging.getLogger(__name__)

LAST_DAY = date.fromisoformat(LAST_ORDER_DATE) - timedelta(days=7)
"""Orders of this day are the last: those after it might ship later than an order line may."""


class EndlessOrders:
    """Adds days of orders to the published source.

    Args:
        database: where the order lines are.
        recipe: what the seeded orders were generated from.
        checksum: checksum of the published source.
    """

    def __init__(self, database: ProducerDatabase, recipe: Recipe, checksum: str) -> None:
        self._database = database
        self._checksum = checksum
        self._locations = database.locations()
        self._profile = Business(recipe, products=database.product_ids(), places=self._locations)

    def add_day(self) -> bool:
        """Add the next day that has orders after the last order line.

        Where that line is not the last one any more, or another source is published, nothing is added.

        Returns:
            False where the next day is later than an order can have.
        """
        last = self._database.last_line()
        day = last.day
        while (day := day + timedelta(days=1)) <= LAST_DAY:
            if drawn := self._profile.day(day):
                lines = self._lines(drawn, last.order_item_id + 1)
                added = self._database.append_day(lines, after=last.position, checksum=self._checksum)
                log.info("added %s order lines of %s", f"{added:,}", day)
                return True
        return False

    def _lines(self, drawn: Draw, first_item: int) -> list[dict[str, Any]]:
        """Return order lines as the columns of the table ``order_lines``, but for position and store."""
        columns = order_lines(self._profile, drawn, first_item)
        values = {column.name: columns[column.header].tolist() for column in COLUMNS if column.name in FIELDS}
        for name in (column.name for column in COLUMNS if isinstance(column.holds, Moment)):
            values[name] = [
                datetime.strptime(text, DATE_FORMAT).replace(tzinfo=UTC).isoformat() for text in values[name]
            ]
        places = zip(*(columns[name].tolist() for name in DESTINATION_COLUMNS), strict=True)
        values["location_id"] = [self._locations[place] for place in places]
        return [dict(zip(values, line, strict=True)) for line in zip(*values.values(), strict=True)]
