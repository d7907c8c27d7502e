"""From nothing to a running platform: start, seed, stream, and see that the tables are right."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from supply_chain.database import Role, connect, statement
from supply_chain.stack.airflow_api import AirflowApi

if TYPE_CHECKING:
    from rich.console import Console

    from supply_chain.settings import Settings

SEEDED_WITHIN_SECONDS = 600
COUNTED_WITHIN_SECONDS = 1200
HISTORY_IS_SENT = frozenset({"live", "paused", "finished"})


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class StreamProgress:
    """Order lines seeded, acknowledged by the broker, counted and rejected, and what the producer is at."""

    seeded: int
    sent: int
    counted: int
    rejected: int
    producer_state: str


def stream_progress(settings: Settings) -> StreamProgress:
    """Read how far seeding, producer and Flink job are."""
    with closing(connect(settings, Role.OPERATOR)) as connection, connection.cursor() as cursor:
        cursor.execute(statement("stack/stream_progress"))
        row = cursor.fetchone()
        assert row is not None  # noqa: S101 - the statement has no FROM: it always gives one row
        return StreamProgress(*row)


def seed(settings: Settings, console: Console) -> None:
    """Seed the database by a run of the DAG ``seed_database``.

    Raises:
        DemoError: the run failed or took too long.
    """
    airflow = AirflowApi(settings)
    run_id = airflow.trigger("seed_database")
    deadline = time.monotonic() + SEEDED_WITHIN_SECONDS
    with console.status("seed_database") as status:
        while (state := airflow.run_state("seed_database", run_id)) not in {"success", "failed"}:
            tasks = airflow.task_states("seed_database", run_id)
            status.update("seed_database: " + ", ".join(f"{task} {now or 'waits'}" for task, now in tasks.items()))
            if time.monotonic() > deadline:
                raise DemoError(
                    f"seed_database takes longer than {SEEDED_WITHIN_SECONDS} s: see {settings.airflow_url}"
                )
            time.sleep(1)
    if state == "failed":
        failed = [task for task, now in airflow.task_states("seed_database", run_id).items() if now == "failed"]
        page = f"{settings.airflow_url}/dags/seed_database/runs/{run_id}"
        raise DemoError(f"seed_database failed in {', '.join(failed) or 'no task'}; its log says why: {page}")
    console.print(f"[green]seeded[/] {stream_progress(settings).seeded:,} order lines")


def stream(settings: Settings, console: Console) -> StreamProgress:
    """Wait until the history is in the topic and counted.

    Raises:
        DemoError: it took too long.
    """
    deadline = time.monotonic() + COUNTED_WITHIN_SECONDS
    history = 0
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as bars:
        sent = bars.add_task("sent to Kafka", total=None)
        counted = bars.add_task("counted by Flink", total=None)
        while True:
            now = stream_progress(settings)
            bars.update(sent, total=now.seeded, completed=now.sent)
            bars.update(counted, total=now.seeded, completed=now.counted + now.rejected)
            if history == 0 and now.producer_state in HISTORY_IS_SENT:
                history = now.sent
            if 0 < history <= now.counted + now.rejected:
                return now
            if time.monotonic() > deadline:
                raise DemoError(
                    f"{now.sent:,} order lines sent and {now.counted:,} counted after {COUNTED_WITHIN_SECONDS} s: "
                    f"run `make status`, and see the runs of order_stream at {settings.airflow_url}"
                )
            time.sleep(1)
