"""What of the stream is not as it should be, judged from what its parts report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from supply_chain.database import Role, statement, transaction
from supply_chain.kafka.topics import ORDERS, TOPICS
from supply_chain.stream.observation import HEARTBEAT_LIMIT_SECONDS, StreamObserver

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from supply_chain.settings import Settings
    from supply_chain.stream.control import PublishedSource, StreamControl
    from supply_chain.stream.observation import Counts, JobReport, Observation, ProducerReport
    from supply_chain.stream.repair import Repair

CHECKPOINT_LIMIT_INTERVALS = 6
"""A running job whose last checkpoint is older than so many intervals completes none."""

CHECKPOINT_LIMIT_SECONDS = 60.0
"""A checkpoint may be so old however short the interval is."""

LAG_LIMIT_SECONDS = 60.0
"""What was produced in so long may wait to be counted."""

LAG_LIMIT_MESSAGES = 1_000
"""So many messages may wait however slow the producer is."""


class Severity(StrEnum):
    """What a finding asks for."""

    CRITICAL = "critical"
    """The stream stands still; the next run repairs it."""
    WARNING = "warning"
    """It runs, and somebody should look."""
    NOTICE = "notice"
    """Worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One thing about the stream that is not as it should be, and what to do about it."""

    severity: Severity
    part: str
    found: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity.upper()} {self.part}: {self.found}; {self.remedy}"


def judge(observation: Observation, checkpoint_interval_seconds: int) -> list[Finding]:
    """Judge the stream.

    Args:
        observation: what its parts reported.
        checkpoint_interval_seconds: time between the job's checkpoints.

    Returns:
        What is not as it should be; empty where all is well, or where the stream was told to stand still.
    """
    findings = [*_unreachable(observation)]
    if observation.should_run:
        findings += [
            *_topics(observation),
            *_job(observation, checkpoint_interval_seconds),
            *_producer(observation),
            *_lag(observation),
        ]
    return findings


def judge_sizes(observation: Observation, *, orders_partitions: int, flink_parallelism: int) -> list[Finding]:
    """Judge whether the settings of the stream's size are those that the stream has.

    Args:
        observation: what the parts of the stream reported.
        orders_partitions: the setting ORDERS_PARTITIONS.
        flink_parallelism: the setting FLINK_PARALLELISM.
    """
    findings = []
    present = observation.partitions.get(ORDERS)
    if present and present != orders_partitions:
        findings.append(
            Finding(
                Severity.WARNING,
                "kafka",
                f"ORDERS_PARTITIONS is {orders_partitions}, and topic {ORDERS} has {present} partitions",
                f"a topic keeps what it was made with: set ORDERS_PARTITIONS={present}, "
                f"or begin anew with {orders_partitions} (`make reset`, which deletes all data)",
            )
        )
    if present and present < flink_parallelism:
        findings.append(
            Finding(
                Severity.WARNING,
                "flink",
                f"FLINK_PARALLELISM is {flink_parallelism}, and topic {ORDERS} has {present} partitions",
                f"{flink_parallelism - present} of the tasks that read have nothing to read: "
                f"FLINK_PARALLELISM={present} is as fast",
            )
        )
    return findings


def critical(findings: list[Finding]) -> list[Finding]:
    """Return the findings for which the stream stands still."""
    return [finding for finding in findings if finding.severity is Severity.CRITICAL]


def _unreachable(observation: Observation) -> Iterator[Finding]:
    for part, answer in observation.unreachable.items():
        yield Finding(Severity.CRITICAL, part, f"does not answer ({answer})", "its supervisor restarts it")


def _topics(observation: Observation) -> Iterator[Finding]:
    if "kafka" not in observation.unreachable:
        for name in TOPICS:
            if name not in observation.partitions:
                yield Finding(Severity.CRITICAL, "kafka", f"there is no topic {name}", "the next run makes it")


def _job(observation: Observation, checkpoint_interval_seconds: int) -> Iterator[Finding]:
    if "flink" in observation.unreachable:
        return
    job = observation.job
    if not observation.taskmanagers:
        yield Finding(Severity.CRITICAL, "flink", "no TaskManager is registered", "its supervisor restarts it")
    if job is None or job.ended:
        state = f"is {job.state} ({job.last_failure or 'no failure recorded'})" if job else "is not there"
        yield Finding(Severity.CRITICAL, "flink", f"the job {state}", "the next run submits it")
    elif job.state != "RUNNING":
        why = f" ({job.last_failure})" if job.last_failure else ""
        yield Finding(Severity.WARNING, "flink", f"the job is {job.state}{why}", "Flink restarts it by itself")
    else:
        limit = max(CHECKPOINT_LIMIT_SECONDS, CHECKPOINT_LIMIT_INTERVALS * checkpoint_interval_seconds)
        age = job.age_seconds if job.checkpoint_age_seconds is None else job.checkpoint_age_seconds
        if age > limit:
            found = f"no checkpoint for {age:.0f} s"
            yield Finding(Severity.WARNING, "flink", found, "see the checkpoints on the job's page")


def _producer(observation: Observation) -> Iterator[Finding]:
    if "postgres" in observation.unreachable:
        return
    producer = observation.producer
    if producer is None:
        yield Finding(Severity.CRITICAL, "producer", "has never reported", "the next run has it started")
    elif producer.heartbeat_age_seconds > HEARTBEAT_LIMIT_SECONDS:
        found = f"silent for {producer.heartbeat_age_seconds:.0f} s"
        yield Finding(Severity.CRITICAL, "producer", found, "the next run has it restarted")
    elif observation.source and producer.source_checksum != observation.source.checksum and producer.last_position:
        found = f"it sends source {producer.source_checksum[:12]}, published is {observation.source.checksum[:12]}"
        yield Finding(Severity.WARNING, "producer", found, "stop the stream and seed again with `replace`")


def _lag(observation: Observation) -> Iterator[Finding]:
    rate = observation.producer.lines_per_second if observation.producer else 0.0
    limit = max(LAG_LIMIT_MESSAGES, LAG_LIMIT_SECONDS * rate)
    if observation.lag > limit:
        found = f"{observation.lag:,} messages are not counted yet"
        yield Finding(Severity.WARNING, "flink", found, "a larger FLINK_PARALLELISM counts faster")


@dataclass(frozen=True)
class HealthReport:
    """How the stream is, and what was done about it."""

    observation: Observation
    counts: Counts
    findings: list[Finding]
    repairs: list[Repair]

    @property
    def critical(self) -> list[Finding]:
        """The findings for which the stream stands still."""
        return critical(self.findings)

    @property
    def figures(self) -> dict[str, int]:
        """Order lines produced, counted, and rejected, and messages that wait to be counted."""
        produced = self.observation.producer.last_position if self.observation.producer else 0
        return {
            "produced": produced,
            "counted": self.counts.counted,
            "rejected": self.counts.rejected,
            "lag": self.observation.lag,
        }

    def lines(self) -> list[str]:
        """The report as text: a table of the parts, the counts, and the findings."""
        described = describe(self.observation)
        repairs = {repair.part: repair for repair in self.repairs}
        rows = [("part", "found", "done", "now")]
        for part in dict.fromkeys([*repairs, *described]):
            repair = repairs.get(part)
            rows.append((part, repair.found if repair else "", repair.done if repair else "", described.get(part, "")))
        figures = "  ".join(f"{name} {figure:,}" for name, figure in self.figures.items())
        findings = [str(finding) for finding in self.findings] or ["All is well."]
        return [*_aligned(rows), figures, *findings]


def examine(settings: Settings, repairs: list[Repair]) -> HealthReport:
    """Ask all parts of the stream, and judge.

    Args:
        settings: the deployment.
        repairs: what was just done, for the report.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    observer = StreamObserver(settings)
    return report(settings, observer, observer.observe(), repairs)


def report(
    settings: Settings, observer: StreamObserver, observation: Observation, repairs: Sequence[Repair] = ()
) -> HealthReport:
    """Judge what was observed, and count what the tables hold.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    sizes = {"orders_partitions": settings.orders_partitions, "flink_parallelism": settings.flink_parallelism}
    findings = [
        *judge(observation, settings.checkpoint_interval_seconds),
        *(judge_sizes(observation, **sizes) if observation.should_run else ()),
    ]
    return HealthReport(observation, observer.counts(), findings, list(repairs))


def record(settings: Settings, report: HealthReport) -> None:
    """Keep how the stream is, for the dashboard Pipeline Health.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    observed = report.observation
    values = {
        "lag": observed.lag,
        "lines_per_second": observed.producer.lines_per_second if observed.producer else 0.0,
        "checkpoint_age_seconds": observed.job.checkpoint_age_seconds if observed.job else None,
        "counted": report.counts.counted,
        "rejected": report.counts.rejected,
        "findings": "; ".join(str(finding) for finding in report.findings),
    }
    with transaction(settings, Role.OPERATOR, "order_stream") as cursor:
        cursor.execute(statement("stream/record_health"), values)


def record_repairs(settings: Settings, run_id: str, repairs: Sequence[Repair]) -> None:
    """Keep what a run of ``order_stream`` has repaired; saying so twice keeps it once.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    done = [repair for repair in repairs if repair.was_needed]
    with transaction(settings, Role.OPERATOR, "order_stream") as cursor:
        cursor.executemany(statement("stream/record_repair"), [{"run_id": run_id, **asdict(repair)} for repair in done])


def describe(observation: Observation) -> dict[str, str]:
    """Say by part how it is, in a few words each."""
    described = {
        "source": _source(observation.source),
        "control": _control(observation.control),
        "topics": _partitions(observation),
        "flink": _job_in_words(observation.job),
        "producer": _producer_in_words(observation.producer),
    }
    return described | {part: f"does not answer: {answer}" for part, answer in observation.unreachable.items()}


def _source(source: PublishedSource | None) -> str:
    return f"{source.name}, {source.order_lines:,} order lines" if source else "nothing is seeded"


def _control(control: StreamControl | None) -> str:
    if control is None:
        return "never told anything"
    rate = "as fast as possible" if control.replay_rate is None else f"at {control.replay_rate:g} lines/s"
    return f"{control.desired_state} {rate}, told by {control.changed_by}"


def _partitions(observation: Observation) -> str:
    topics = (f"{name} ({count} partitions)" for name, count in observation.partitions.items())
    return ", ".join(topics) or "no topic"


def _job_in_words(job: JobReport | None) -> str:
    if job is None:
        return "no job"
    age = "none yet" if job.checkpoint_age_seconds is None else f"{job.checkpoint_age_seconds:.0f} s ago"
    return f"{job.state}, submitted {job.age_seconds:.0f} s ago, last checkpoint {age}"


def _producer_in_words(producer: ProducerReport | None) -> str:
    if producer is None:
        return "has never reported"
    heard = f"heard {producer.heartbeat_age_seconds:.0f} s ago"
    return f"{producer.state} at position {producer.last_position:,}, {producer.lines_per_second:,.0f} lines/s, {heard}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lay rows out as a table of text."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
