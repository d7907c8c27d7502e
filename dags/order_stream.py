"""Keep the order stream running.

Order lines flow from the order producer through the Kafka topic `orders` and the Flink job `inventory-stream` into the
tables. This DAG starts, watches and repairs these parts. One run follows the other without a pause:

1. **apply_control** reads the desired state of the stream. A run that you trigger stores its params first.
2. **ensure_topics** creates missing topics.
3. **ensure_flink_job** submits the Flink job from its newest checkpoint or savepoint, unless the job runs. Its link
   *Flink job* opens the job's page. **ensure_producer** starts the order producer, unless it reports.
4. **judge_health** logs the health, the repairs and the counts, and stores repairs in the table `repairs`. It fails if
   the stream still stands still.
5. **watch_stream** watches the stream for an hour without occupying a worker. It ends at once when a part is down,
   somebody triggers a run, or the desired state changes. Once a minute it stores the health in `stream_health`. It
   announces each complete day of data in the topic `orders.days`, which starts forecasts and plans.

A part that dies works again within two minutes. Starting the stream twice has no effect.

**Trigger it** to start a stopped stream, to pause it, or to change its rate. The values hold until you change them. A
triggered run begins within seconds. `stop_order_stream` stops the stream, and runs of this DAG then do nothing. They
also do nothing before `seed_database` has published orders.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import TriggerRule, dag, task
from airflow.sdk.exceptions import AirflowException, AirflowSkipException

from operators.flink_job import EnsureFlinkJobOperator
from operators.params import form
from operators.refusals import final
from operators.stream_watch import WatchStreamOperator
from supply_chain.parameters import ParametersError
from supply_chain.settings import load_settings
from supply_chain.stream.control import StreamParameters

if TYPE_CHECKING:
    from airflow.sdk import DagRun

log = logging.getLogger(__name__)


@dag(
    schedule="@continuous",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Order stream",
    description="Keeps order lines flowing from the producer through Kafka and Flink into the tables.",
    tags=["stream"],
    default_args={"owner": "stream", "retries": 2, "retry_delay": timedelta(seconds=5)},
    params=form(StreamParameters),
)
def order_stream() -> None:
    """Keep the order stream running."""

    @task
    def apply_control(params: dict[str, Any], dag_run: DagRun) -> str:
        """Read what the stream is to do; a triggered run tells it first."""
        from supply_chain.stream import control
        from supply_chain.stream.control import DesiredState

        settings = load_settings()
        if dag_run.run_type == "manual":
            with final(ParametersError):
                asked = control.parse(params)
            told = control.change(settings, changed_by=f"order_stream {dag_run.run_id}", **asked)
        else:
            told = control.begin(settings, changed_by=f"order_stream {dag_run.run_id}")
        source = control.published_source(settings)
        if source is None:
            raise AirflowSkipException(
                "Nothing is seeded yet: trigger seed_database. The stream starts by itself then."
            )
        if told.desired_state is DesiredState.STOPPED:
            raise AirflowSkipException(
                f"Stopped by {told.changed_by} at {told.changed_at}: trigger order_stream to start."
            )
        log.info("%s is to be streamed: %s", source, told)
        return told.desired_state

    @task
    def ensure_topics() -> dict[str, str]:
        """Make the topics that are missing."""
        from supply_chain.stream.repair import repair_topics

        return asdict(repair_topics(load_settings()))

    ensure_flink_job = EnsureFlinkJobOperator(task_id="ensure_flink_job")

    @task
    def ensure_producer() -> dict[str, str]:
        """Have the order producer started unless it reports."""
        from supply_chain.stream.repair import repair_producer

        return asdict(repair_producer(load_settings()))

    @task
    def judge_health(repairs: list[dict[str, str]], dag_run: DagRun) -> dict[str, int]:
        """Write down how the stream is and what was repaired, and fail where it stands still."""
        from supply_chain.stream import health
        from supply_chain.stream.repair import Repair

        settings = load_settings()
        report = health.examine(settings, [Repair(**repair) for repair in repairs])
        health.record(settings, report)
        health.record_repairs(settings, dag_run.run_id, report.repairs)
        for line in report.lines():
            log.info(line)
        if report.critical:
            raise AirflowException("; ".join(str(finding) for finding in report.critical))
        return report.figures

    # After a standstill too, which skips the tasks before it: the watch is what runs wait in.
    watch_stream = WatchStreamOperator(task_id="watch_stream", trigger_rule=TriggerRule.NONE_FAILED)

    topics = ensure_topics()
    producer = ensure_producer()
    apply_control() >> topics >> [ensure_flink_job, producer]
    judge_health([topics, ensure_flink_job.output, producer]) >> watch_stream


order_stream()
