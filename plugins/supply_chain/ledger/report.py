"""What the ledger check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class LedgerError(RuntimeError):
    """The tables could not be checked: this is no verdict about them. The message says what to do."""


@dataclass(frozen=True)
class Difference:
    """A row that is not what the topic adds up to.

    Attributes:
        table: the table, or the topic.
        key: what identifies the row, by column.
        expected: what the topic adds up to, by column; None where there should be no row.
        found: what is there; None where the row is missing.
    """

    table: str
    key: dict[str, Any]
    expected: dict[str, Any] | None
    found: dict[str, Any] | None

    def __str__(self) -> str:
        """One line: the key, then the columns that differ."""
        key = ", ".join(f"{name}={value}" for name, value in self.key.items())
        if self.expected is None:
            return f"{self.table} ({key}): should not be there, found {_columns(self.found)}"
        if self.found is None:
            return f"{self.table} ({key}): missing, expected {_columns(self.expected)}"
        differing = [name for name, value in self.expected.items() if self.found[name] != value]
        columns = ", ".join(f"{name} is {self.found[name]} instead of {self.expected[name]}" for name in differing)
        return f"{self.table} ({key}): {columns}"


@dataclass(frozen=True)
class LedgerReport:
    """The verdict over all tables.

    Attributes:
        started_at: when the check began (UTC).
        messages: messages of the topic that were recomputed.
        rejected: those of them that do not count.
        tables: how many tables were compared, the topic's own order lines among them.
        rows: rows that were compared, each once.
        differing: rows that are not what they should be.
        differences: the first of them, by table.
        cuts: consistent cuts it took to see every row at rest.
    """

    started_at: datetime
    messages: int
    rejected: int
    tables: int
    rows: int
    differing: int
    differences: tuple[Difference, ...]
    cuts: int

    @property
    def holds(self) -> bool:
        """Whether every row of every table is right."""
        return self.differing == 0

    @property
    def summary(self) -> str:
        """One line for people and scripts."""
        return (
            f"tables={self.tables} rows={self.rows} differing={self.differing} "
            f"messages={self.messages} rejected={self.rejected} cuts={self.cuts}"
        )


def _columns(row: dict[str, Any] | None) -> str:
    return ", ".join(f"{name}={value}" for name, value in (row or {}).items()) or "no column"
