"""The check from its start to its verdict.

A consistent cut is taken without stopping anything: first the offsets that the stream has committed, then one snapshot
of the tables, then the topic up to its present end. A row that no message between the first and the last concerns can
not have changed meanwhile, and must be exactly what the topic adds up to. The other rows of the first cut have their
turn at later ones, until each was at rest once; rows that a running stream adds meanwhile are compared on the way.
"""

from __future__ import annotations

import json
import time
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from supply_chain.database import Role, connect, statement, transaction
from supply_chain.ledger.comparison import TABLES, Comparison
from supply_chain.ledger.recount import Recount
from supply_chain.ledger.report import LedgerError, LedgerReport
from supply_chain.ledger.tables import read_order_lines, read_references, read_tables
from supply_chain.ledger.topic import OrdersLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.ledger.contract import OrderLine
    from supply_chain.settings import Settings

WAIT_SECONDS = 120.0
SECONDS_BETWEEN_CUTS = 0.5
CHECKPOINT_WITHIN_SECONDS = 15.0
DIFFERENCES_KEPT = 20


def check(
    settings: Settings, *, wait_seconds: float = WAIT_SECONDS, on_progress: Callable[[str], None] = lambda _: None
) -> LedgerReport:
    """Compare every row and column of the stream's tables with what the topic adds up to.

    Args:
        settings: the deployment.
        wait_seconds: how long to wait for rows that are still on their way.
        on_progress: called with a line of text now and then.

    Raises:
        LedgerError: nothing could be checked, or rows are still on their way when the time is over.
    """
    try:
        with closing(connect(settings, Role.OPERATOR, application="ledger")) as database:
            database.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
            with closing(OrdersLog(settings)) as log:
                return _Check(database, log, on_progress).run(wait_seconds)
    except psycopg2.OperationalError as error:
        raise LedgerError(f"PostgreSQL does not answer: {str(error).strip()}; see `make status`") from error


def record(settings: Settings, report: LedgerReport) -> None:
    """Keep a verdict in ``ledger_checks``."""
    values = asdict(report) | {"differences": json.dumps([str(each) for each in report.differences])}
    with transaction(settings, Role.OPERATOR, "ledger") as cursor:
        cursor.execute(statement("ledger/record"), values)


class _Check:
    def __init__(self, database: psycopg2.extensions.connection, log: OrdersLog, say: Callable[[str], None]) -> None:
        self._database = database
        self._log = log
        self._say = say
        self._started_at = datetime.now(UTC)
        self._recount = Recount(read_references(database))
        self._source: dict[int, OrderLine] = {}
        self._comparison = Comparison()
        self._counted_up_to: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._cuts = 0

    def run(self, wait_seconds: float) -> LedgerReport:
        deadline = time.monotonic() + wait_seconds
        while True:
            self._cut()
            waiting = len(self._comparison.waiting or ())
            if not waiting:
                return self._report()
            if time.monotonic() > deadline:
                break
            self._say(f"{waiting:,} rows are still moving; waiting for them to come to rest")
            time.sleep(SECONDS_BETWEEN_CUTS)
        if not self._are_overdue(self._comparison.waiting or set()):
            raise LedgerError(
                f"{waiting:,} rows could not be checked: after {wait_seconds:.0f} s messages about them are still on "
                "their way to the tables; if `make status` is green and order_stream runs, try --wait SECONDS"
            )
        self._comparison.give_up_waiting(self._recount)
        return self._report()

    def _are_overdue(self, waiting: set[tuple[str, Any]]) -> bool:
        """Tell whether all that waits are rejected messages which the stream has read long ago."""
        return all(
            table == "rejected_events" and place[1] < self._counted_up_to.get(place[0], 0) for table, place in waiting
        )

    def _cut(self) -> None:
        """Compare once. The less time passes from the checkpoint to the ends, the fewer rows move in between."""
        self._await_checkpoint()
        tables = read_tables(self._database, self._look_at_ends)
        self._recount.add(self._log.read_to(self._ends))
        # After the topic: generated orders go on without an end, and a line is in the source before it is in the topic.
        self._source |= read_order_lines(self._database, max(self._source, default=0))
        self._cuts += 1
        self._say(f"{self._recount.messages:,} messages read")
        self._comparison.at(self._recount, tables, self._source, self._counted_up_to)

    def _look_at_ends(self) -> None:
        self._ends = self._log.ends()

    def _await_checkpoint(self) -> None:
        """Wait until the stream commits offsets, unless it has counted everything."""
        until = time.monotonic() + CHECKPOINT_WITHIN_SECONDS
        before = self._log.counted_up_to()
        while self._log.counted_up_to() == before != self._log.ends() and time.monotonic() < until:
            time.sleep(0.1)
        # Each of the stream's readers commits for itself; the last one follows at once.
        time.sleep(0.2)
        self._counted_up_to = self._log.counted_up_to()

    def _report(self) -> LedgerReport:
        if self._recount.messages == 0:
            raise LedgerError("the topic is empty: there is nothing to check; run seed_database and order_stream first")
        comparison = self._comparison
        rejections = {*self._recount.rejections}
        repeated = sum(len(lines) - 1 for lines in self._recount.repeated.values())
        return LedgerReport(
            started_at=self._started_at,
            messages=self._recount.messages,
            rejected=len(rejections) + repeated,
            tables=len(TABLES),
            rows=sum(len(rows) for rows in comparison.compared.values()),
            differing=len(comparison.differences),
            differences=tuple(list(comparison.differences.values())[:DIFFERENCES_KEPT]),
            cuts=self._cuts,
        )
