"""What the parts of the stream report: order producer, topics, Flink job, tables."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg2
from confluent_kafka import KafkaException

from supply_chain.database import Role, connect, statement, transaction
from supply_chain.kafka.topics import ORDERS
from supply_chain.stream.control import DesiredState, read_control, read_published_source
from supply_chain.stream.days import newest_complete_day
from supply_chain.stream.flink_job import JOB_NAME
from supply_chain.stream.flink_rest import FlinkCluster, FlinkError
from supply_chain.stream.kafka_topics import StreamTopics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from psycopg2.extensions import connection, cursor

    from supply_chain.settings import Settings
    from supply_chain.stream.control import PublishedSource, StreamControl
    from supply_chain.stream.flink_rest import Job
    from supply_chain.stream.kafka_topics import Offsets

HEARTBEAT_LIMIT_SECONDS = 10.0
"""The producer reports every second; one that was silent for so long is dead or hangs."""


@dataclass(frozen=True)
class ProducerReport:
    """What the order producer wrote down last; rates in order lines a second."""

    state: str
    source_checksum: str
    last_position: int
    lines_acknowledged: int
    lines_per_second: float
    last_order_date: datetime | None
    heartbeat_age_seconds: float


@dataclass(frozen=True)
class JobReport:
    """The Flink job of the stream.

    ``state`` is Flink's, and RUNNING only where all its tasks run. ``age_seconds`` is since its submission,
    ``checkpoint_age_seconds`` None where no checkpoint is complete; ``last_failure`` says why it failed or restarted.
    """

    job_id: str
    state: str
    ended: bool
    age_seconds: float
    checkpoint_age_seconds: float | None
    last_failure: str | None


@dataclass(frozen=True)
class Counts:
    """Order lines in the stream's tables, and messages that were not counted."""

    counted: int
    rejected: int


@dataclass(frozen=True)
class Observation:
    """What all parts of the stream reported at one moment.

    ``partitions`` has those topics that exist; ``unreachable`` says by part what went wrong instead of a report.
    """

    source: PublishedSource | None = None
    control: StreamControl | None = None
    producer: ProducerReport | None = None
    partitions: dict[str, int] = field(default_factory=dict)
    offsets: dict[int, Offsets] = field(default_factory=dict)
    taskmanagers: int = 0
    job: JobReport | None = None
    unreachable: dict[str, str] = field(default_factory=dict)

    @property
    def lag(self) -> int:
        """Messages in ``orders`` that no completed checkpoint covers."""
        return sum(offsets.lag for offsets in self.offsets.values())

    @property
    def orders(self) -> list[str | None]:
        """A fingerprint of what the stream is told: it changes with its control and with its source."""
        return [
            self.control.changed_at.isoformat() if self.control else None,
            self.source.checksum if self.source else None,
        ]

    @property
    def is_drained(self) -> bool:
        """Whether nothing is sent any more and everything that was sent is covered by a checkpoint."""
        producer = self.producer
        silent = producer is None or producer.heartbeat_age_seconds > HEARTBEAT_LIMIT_SECONDS
        at_rest = silent or (producer is not None and producer.state == "stopped")
        return at_rest and not self.lag and not self.unreachable

    @property
    def should_run(self) -> bool:
        """Whether there is something to stream, and nobody stopped it."""
        return (
            self.source is not None
            and self.control is not None
            and self.control.desired_state is not DesiredState.STOPPED
        )


class StreamObserver:
    """Asks the parts of the stream, any number of times."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._topics = StreamTopics(settings)
        self._flink = FlinkCluster(settings)
        self._connection: connection | None = None

    def observe(self) -> Observation:
        """Ask every part; one that does not answer is a finding, not an error."""
        return self._ask(self._kafka, self._flink_job)

    def glance(self) -> Observation:
        """Ask every part only what tells whether the stream stands still; for every few seconds.

        The observation has no offsets, and nothing about the job beyond its state and its age.
        """
        return self._ask(self._kafka_topics, self._flink_state)

    def _ask(self, kafka: Callable[[], dict[str, Any]], flink: Callable[[], dict[str, Any]]) -> Observation:
        reports: dict[str, Any] = {}
        unreachable: dict[str, str] = {}
        for part, ask in (("postgres", self._tables), ("kafka", kafka), ("flink", flink)):
            try:
                reports |= ask()
            except (psycopg2.Error, KafkaException, FlinkError) as error:
                unreachable[part] = str(error).strip()
        return Observation(**reports, unreachable=unreachable)

    def counts(self) -> Counts:
        """Count what the tables hold: a scan, for once a minute.

        Raises:
            psycopg2.Error: PostgreSQL cannot be reached.
        """
        with self._cursor() as cursor:
            cursor.execute(statement("stream/counts"))
            counted, rejected = cast("tuple[int, int]", cursor.fetchone())
        return Counts(counted, rejected)

    def complete_day(self) -> date | None:
        """Return the newest day whose orders are all in the tables, or None where there is none yet.

        Raises:
            psycopg2.Error: PostgreSQL cannot be reached.
        """
        with self._cursor() as cursor:
            return newest_complete_day(cursor)

    @contextmanager
    def _cursor(self) -> Iterator[cursor]:
        """A cursor of the one connection that is kept: to open another for every look costs more than the look."""
        if self._connection is None:
            self._connection = connect(self._settings, Role.OPERATOR, application="order_stream")
            self._connection.autocommit = True
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except psycopg2.Error:
            self._connection.close()
            self._connection = None
            raise

    def _tables(self) -> dict[str, Any]:
        with self._cursor() as cursor:
            return {
                "source": read_published_source(cursor),
                "control": read_control(cursor),
                "producer": _read_progress(cursor),
            }

    def _kafka(self) -> dict[str, Any]:
        return {**self._kafka_topics(), "offsets": self._topics.offsets()}

    def _kafka_topics(self) -> dict[str, Any]:
        return {"partitions": self._topics.partitions()}

    def _flink_job(self) -> dict[str, Any]:
        job = self._newest_job()
        return {"taskmanagers": len(self._flink.taskmanagers()), "job": self._report(job) if job else None}

    def _flink_state(self) -> dict[str, Any]:
        job = self._newest_job()
        if job is None or job.ended:
            return self._flink_job()
        report = JobReport(
            job_id=job.job_id,
            state=job.state,
            ended=False,
            age_seconds=(datetime.now(UTC) - job.started_at).total_seconds(),
            checkpoint_age_seconds=None,
            last_failure=None,
        )
        return {"taskmanagers": len(self._flink.taskmanagers()), "job": report}

    def _newest_job(self) -> Job | None:
        jobs = self._flink.jobs(JOB_NAME)
        # Where none is alive, the last one knows why.
        return next((each for each in jobs if not each.ended), jobs[0] if jobs else None)

    def _report(self, job: Job) -> JobReport:
        waits_for_tasks = job.state == "RUNNING" and not self._flink.job(job.job_id).tasks_running
        latest = self._flink.checkpoints(job.job_id).latest
        failures = self._flink.exceptions(job.job_id)
        now = datetime.now(UTC)
        return JobReport(
            job_id=job.job_id,
            state="INITIALIZING" if waits_for_tasks else job.state,
            ended=job.ended,
            age_seconds=(now - job.started_at).total_seconds(),
            checkpoint_age_seconds=(now - latest.completed_at).total_seconds() if latest else None,
            last_failure=failures[0].summary if failures else None,
        )


def read_producer(settings: Settings) -> ProducerReport | None:
    """Return what the order producer wrote down last, or None where it never reported.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    with transaction(settings, Role.OPERATOR, "order_stream") as cursor:
        return _read_progress(cursor)


def _read_progress(cursor: cursor) -> ProducerReport | None:
    cursor.execute(statement("stream/producer_progress"), {"topic": ORDERS})
    row = cursor.fetchone()
    return ProducerReport(*row) if row else None
