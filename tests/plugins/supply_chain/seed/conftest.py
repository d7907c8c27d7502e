"""A source of a few thousand order lines, as it is and as users damage it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAMAGED_PER_KIND = 100


@dataclass(frozen=True)
class Table:
    """The rows of a CSV, as texts, and its header."""

    header: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> int:
        return self.header.index(name)

    def write(self, path: Path, *, encoding: str = "iso-8859-1", line_end: str = "\n", delimiter: str = ",") -> Path:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer, lineterminator=line_end, delimiter=delimiter)
        writer.writerow(self.header)
        writer.writerows(self.rows)
        path.write_bytes(buffer.getvalue().encode(encoding))
        return path


@pytest.fixture
def table(generated: Path) -> Table:
    with generated.open(encoding="iso-8859-1", newline="") as file:
        header, *rows = csv.reader(file)
    return Table(header, rows)


def _set(column: str, value: str) -> Callable[[Table, list[str]], None]:
    def damage(table: Table, row: list[str]) -> None:
        row[table.column(column)] = value

    return damage


def _drop_last_field(table: Table, row: list[str]) -> None:
    row.pop()


def _repeat_first_id(table: Table, row: list[str]) -> None:
    row[table.column("Order Item Id")] = table.rows[0][table.column("Order Item Id")]


DAMAGES: dict[str, tuple[str, Callable[[Table, list[str]], None]]] = {
    "wrong_column_count": ("", _drop_last_field),
    "missing_value": ("Order Id", _set("Order Id", "")),
    "not_a_number": ("Sales", _set("Sales", "n/a")),
    "not_a_whole_number": ("Order Item Quantity", _set("Order Item Quantity", "1.5")),
    "out_of_range": ("Order Item Quantity", _set("Order Item Quantity", "-3")),
    "unknown_value": ("Order Status", _set("Order Status", "LOST")),
    "text_too_long": ("Market", _set("Market", "x" * 300)),
    "bad_date": ("order date (DateOrders)", _set("order date (DateOrders)", "2/30/2016 10:00")),
    "contradiction": ("Order Customer Id", _set("Order Customer Id", "999999999")),
    "repeated_order_item_id": ("Order Item Id", _repeat_first_id),
}
"""Ten kinds of damage: the reason that each must get, the column at fault, and how it is done."""


@pytest.fixture
def damaged(table: Table) -> tuple[Table, dict[int, tuple[str, str]]]:
    """The table with a hundred rows of each kind damaged; and reason and column by row number."""
    expected = {}
    kinds = list(DAMAGES.items())
    for number in range(DAMAGED_PER_KIND * len(kinds)):
        reason, (column, damage) = kinds[number % len(kinds)]
        index = 1 + number * 7
        damage(table, table.rows[index])
        expected[index + 2] = (reason, column)
    return table, expected
