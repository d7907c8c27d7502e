"""Measures seeding, producer and stream, each beside its lean alternative in the same run: ``make bench``.

The lean alternatives do the same for the data and nothing for its safety: no validation, no acknowledgement that is
waited for, no recovery. They say what the machine can do at the moment, so that the ratio holds on a busy one too.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

from rich.console import Console
from rich.table import Table

from supply_chain.stack import cluster, jobmanager, kafka, postgres, taskmanager
from tests.bench import producing, seeding, streaming
from tests.servers import deployment, running

CONSOLE = Console(highlight=False, width=110)
ORDERS = 65_752


def main() -> None:
    """Measure all three, and print one table."""
    with deployment(GENERATED_ORDERS=str(ORDERS), POSTGRES_SHARED_BUFFERS="256MB") as settings, ExitStack() as stack:
        (settings.state_dir / "run").mkdir(mode=0o700)
        CONSOLE.print("starting PostgreSQL, Kafka and Flink")
        stack.enter_context(running(postgres, settings))
        cluster.ensure_databases(settings)
        stack.enter_context(running(kafka, settings))
        for part in (jobmanager, taskmanager):
            stack.enter_context(running(part, settings, part.environment(settings)))
        table = Table("measured", "order lines", "seconds", "lines/s", "lean alternative, lines/s", "ratio")
        for measure in (seeding.measure, producing.measure, streaming.measure):
            CONSOLE.print(f"measuring: {measure.__module__.rpartition('.')[2]}")
            figure = measure(settings)
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


if __name__ == "__main__":
    main()
