"""Measures seeding, producer and stream, each beside its lean alternative, and the dashboards: ``make bench``.

The lean alternatives do the same for the data and nothing for its safety: no validation, no acknowledgement that is
waited for, no recovery. They say what the machine can do at the moment, so that the ratio holds on a busy one too.
The dashboards are opened in a browser on the same machine, beside the whole platform. Last comes what that platform
costs while orders arrive at five a second and nobody looks.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from supply_chain import seed
from supply_chain.servers import databases
from tests.bench import dashboards, idle, producing, seeding, streaming
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
    """Measure, and print a table of each."""
    _measure_stream()
    _measure_dashboards()
    CONSOLE.print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")


def _measure_stream() -> None:
    # Orders that end, and the same ones as ever.
    with deployment(POSTGRES_SHARED_BUFFERS="256MB", ORDERS_PROFILE="dataco") as settings, ExitStack() as stack:
        (settings.state_dir / "run").mkdir(mode=0o700)
        CONSOLE.print("starting PostgreSQL, Kafka and Flink")
        stack.enter_context(running("postgres", settings))
        databases.ensure_databases(settings)
        stack.enter_context(running("kafka", settings))
        for part in ("jobmanager", "taskmanager"):
            stack.enter_context(running(part, settings))
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
    CONSOLE.print(table)


def _measure_dashboards() -> None:
    CONSOLE.print("starting the whole platform")
    with dashboards.platform() as settings:
        CONSOLE.print("measuring: dashboards")
        table = Table("dashboard", "charts", "cold load, s", "warm load, s")
        for load in dashboards.loads(settings):
            table.add_row(load.title, str(load.charts), f"{load.cold:.1f}", f"{load.warm:.1f}")
        CONSOLE.print(table)
        CONSOLE.print(f"measuring: live page, {dashboards.LIVE_SECONDS} s at {dashboards.LIVE_RATE} order lines/s")
        seen = dashboards.live(settings)
        CONSOLE.print(f"measuring: the idle platform, {idle.SECONDS} s")
        table = Table("while orders arrive", "of one processor", title="idle")
        shares = idle.measure(settings)
        for name, share in [*shares.items(), ("in all", sum(shares.values()))]:
            table.add_row(name, f"{share:.1%}")
        CONSOLE.print(table)
    CONSOLE.print(
        f"live page: a new order line is shown after {seen.median_seconds:.1f} s (median), "
        f"{seen.longest_seconds:.1f} s (longest of {seen.seen}); "
        f"memory grew by {seen.growth_of_page:.1%} (page), {seen.growth_of_server:.1%} (server)"
    )


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
