"""From nothing to a running platform: start, seed, stream, see that the tables are right, publish, forecast, plan."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from supply_chain.airflow_api import AirflowApi
from supply_chain.database import Role, statement, transaction

if TYPE_CHECKING:
    from rich.console import Console

    from supply_chain.settings import Settings

SEEDED_WITHIN_SECONDS = 600
COUNTED_WITHIN_SECONDS = 1200
FORECAST_WITHIN_SECONDS = 900
PLANNED_WITHIN_SECONDS = 300
PUBLISHED_WITHIN_SECONDS = 600
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
    (row,) = _rows(settings, "demo/stream_progress")
    return StreamProgress(*row)


def seed(settings: Settings, console: Console) -> None:
    """Seed the database by a run of the DAG ``seed_database``.

    Raises:
        DemoError: the run failed.
        RunTimeoutError: it takes too long.
    """
    _run(settings, console, "seed_database", SEEDED_WITHIN_SECONDS)
    console.print(f"[green]seeded[/] {stream_progress(settings).seeded:,} order lines")


def forecast(settings: Settings, console: Console) -> None:
    """Forecast demand by a run of the DAG ``forecast_demand``, and wait for the plan that follows from it.

    Raises:
        DemoError: a run failed, or no plan followed.
        RunTimeoutError: the run takes too long.
    """
    run_id = _run(settings, console, "forecast_demand", FORECAST_WITHIN_SECONDS)
    ((series, demand),) = _rows(settings, "demo/forecast_size", {"run_id": run_id})
    console.print(f"[green]forecast[/] {series:,} series: {demand:,.0f} units in all")
    planned, to_order = _plan(settings, console, run_id)
    console.print(f"[green]planned[/] {planned:,} stocks, {to_order:,} of them to be ordered now")


def publish(settings: Settings, console: Console) -> None:
    """Publish the dashboards by a run of the DAG ``publish_dashboards``.

    Raises:
        DemoError: the run failed.
        RunTimeoutError: it takes too long.
    """
    _run(settings, console, "publish_dashboards", PUBLISHED_WITHIN_SECONDS)
    console.print(f"[green]published[/] the dashboards: {settings.superset_page_url}")


def _plan(settings: Settings, console: Console, run_id: str) -> tuple[int, int]:
    """Wait for the plan by a forecast; return how many stocks it has, and how many are to be ordered."""
    deadline = time.monotonic() + PLANNED_WITHIN_SECONDS
    with console.status("plan_replenishment"):
        while True:
            for status, planned, to_order, failure in _rows(settings, "demo/plan_of_forecast", {"run_id": run_id}):
                if status == "complete":
                    return planned, to_order
                if status == "failed":
                    raise DemoError(f"plan_replenishment failed: {failure}")
            if time.monotonic() > deadline:
                raise DemoError(
                    f"no plan after {PLANNED_WITHIN_SECONDS} s: see plan_replenishment at {settings.airflow_page_url}"
                )
            time.sleep(1)


def _run(settings: Settings, console: Console, dag_id: str, within_seconds: float) -> str:
    """Run a DAG, show the states of its tasks, and return the run's id."""
    airflow = AirflowApi(settings)
    run_id = airflow.trigger(dag_id)
    with console.status(dag_id) as status:

        def show() -> None:
            tasks = airflow.task_states(dag_id, run_id)
            status.update(f"{dag_id}: " + ", ".join(f"{task} {now or 'waits'}" for task, now in tasks.items()))

        state = airflow.wait_for_end(dag_id, run_id, within_seconds, show)
    if state == "failed":
        failed = [task for task, now in airflow.task_states(dag_id, run_id).items() if now == "failed"]
        page = airflow.page(dag_id, run_id)
        raise DemoError(f"{dag_id} failed in {', '.join(failed) or 'no task'}; its log says why: {page}")
    return run_id


def _rows(settings: Settings, name: str, values: dict[str, str] | None = None) -> list[tuple[Any, ...]]:
    with transaction(settings, Role.OPERATOR, "demo") as cursor:
        cursor.execute(statement(name), values)
        return cursor.fetchall()


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
                    f"run `make status`, and see the runs of order_stream at {settings.airflow_page_url}"
                )
            time.sleep(1)
