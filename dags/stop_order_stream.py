"""Stop the order stream.

The producer stops sending. After the Flink job has counted everything, it stops with a savepoint. `order_stream`
continues from there when you trigger it. Until then its scheduled runs do nothing.

Stopping a stopped stream has no effect. The DAG also stops the other parts if one of them is down.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import dag, task

from operators.params import form
from operators.refusals import final
from operators.stream_drain import DrainStreamOperator
from supply_chain.parameters import ParametersError, parse
from supply_chain.settings import load_settings
from supply_chain.stream.control import StopParameters

if TYPE_CHECKING:
    from airflow.sdk import DagRun

log = logging.getLogger(__name__)


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Stop the order stream",
    description="Stops the producer, waits until everything is counted, and stops the Flink job with a savepoint.",
    tags=["stream"],
    default_args={"owner": "stream", "retries": 2, "retry_delay": timedelta(seconds=5)},
    params=form(StopParameters),
)
def stop_order_stream() -> None:
    """Stop the order stream."""

    @task
    def stop_producer(params: dict[str, Any], dag_run: DagRun) -> int:
        """Tell the producer to stop, and scheduled runs of order_stream to start nothing; return how long to wait."""
        from supply_chain.stream import control
        from supply_chain.stream.control import DesiredState

        with final(ParametersError):
            asked = parse(StopParameters, params)
        told = control.change(
            load_settings(), desired_state=DesiredState.STOPPED, changed_by=f"stop_order_stream {dag_run.run_id}"
        )
        log.info("The stream is told to be %s, by %s.", told.desired_state, told.changed_by)
        return asked.wait_seconds

    drain_stream = DrainStreamOperator(task_id="drain_stream", limit_seconds=stop_producer())

    @task
    def stop_flink_job() -> str | None:
        """Stop the Flink job with a savepoint, and return the savepoint's path."""
        from supply_chain.stream.repair import stop_flink_job

        savepoint = stop_flink_job(load_settings())
        log.info("Savepoint: %s", savepoint or "none, there is no Flink job")
        return savepoint

    drain_stream >> stop_flink_job()


stop_order_stream()
