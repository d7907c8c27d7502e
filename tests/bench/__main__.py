"""Measures seeding, producer and stream, each beside its lean alternative in the same run: ``make bench``.

The lean alternatives do the same for the data and nothing for its safety: no validation, no acknowledgement that is
waited for, no recovery. They say what the machine can do at the moment, so that the ratio holds on a busy one too.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from supply_chain import seed
from supply_chain.stack import cluster, jobmanager, kafka, postgres, taskmanager
from tests.bench import producing, seeding, streaming
from tests.servers import deployment, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings
    from tests.bench.figure import Figure

CONSOLE = Console(highlight=False, width=110)

SEEDED_ORDERS = 65_752
"""As many as the published data set has: 180 thousand order lines."""

STREAMED_ORDERS = 800_000
"""2.2 million order lines, so that the stream runs for the better part of a minute."""


def main() -> None:
    """Measure all three, and print one table."""
    with deployment(POSTGRES_SHARED_BUFFERS="256MB") as settings, ExitStack() as stack:
        (settings.state_dir / "run").mkdir(mode=0o700)
        CONSOLE.print("starting PostgreSQL, Kafka and Flink")
        stack.enter_context(running(postgres, settings))
        cluster.ensure_databases(settings)
        stack.enter_context(running(kafka, settings))
        for part in (jobmanager, taskmanager):
            stack.enter_context(running(part, settings, part.environment(settings)))
        table = Table("measured", "order lines", "seconds", "lines/s", "lean alternative, lines/s", "ratio")
        for figure in _figures(settings):
            table.add_row(
                figure.what,
                f"{figure.lines:,}",
                f"{figure.seconds:.1f}",
                f"{figure.rate:,.0f}",
                f"{figure.lean_rate:,.0f} ({figure.lean})",
                f"{figure.rate / figure.lean_rate:.2f}",
            )
    load = os.getloadavg()[0]
    CONSOLE.print(table)
    CONSOLE.print(f"{os.cpu_count()} processors, load average {load:.1f}")


def _figures(settings: Settings) -> Iterator[Figure]:
    CONSOLE.print("measuring: seeding")
    yield seeding.measure(_with_orders(settings, SEEDED_ORDERS))
    CONSOLE.print("seeding what the others need")
    seed.seed(_with_orders(settings, STREAMED_ORDERS), replace=True)
    CONSOLE.print("measuring: producer")
    yield producing.measure(settings)
    CONSOLE.print("measuring: stream")
    yield streaming.measure(settings)


def _with_orders(settings: Settings, orders: int) -> Settings:
    return settings.model_copy(update={"generated_orders": orders})


if __name__ == "__main__":
    main()
