"""Put right what keeps the stream from running: topics, Flink job, order producer.

Repairing what is in order does nothing, so that every run may ask for everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_delay, wait_fixed

from supply_chain.database import Role, statement, transaction
from supply_chain.kafka.topics import ORDERS
from supply_chain.stream import control
from supply_chain.stream.control import DesiredState
from supply_chain.stream.flink_job import JOB_NAME, checkpoint_directory, newest_restore_point, submit
from supply_chain.stream.flink_rest import FlinkCluster, FlinkError
from supply_chain.stream.kafka_topics import StreamTopics
from supply_chain.stream.observation import HEARTBEAT_LIMIT_SECONDS, ProducerReport, read_producer
from supply_chain.supervisor import Supervisor

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

HANGING_SECONDS = 60.0
"""A producer that was silent for so long although its process runs is started anew."""

START_SECONDS = 30.0
"""How long a producer that was asked to start may take to report."""


NOTHING = "nothing"
"""What was done about a part that is in order."""


class StreamStoppedError(RuntimeError):
    """Somebody stopped the stream while a run was putting it right."""


class StreamRunningError(RuntimeError):
    """Topics are not replaced under a running Flink job."""


@dataclass(frozen=True)
class Repair:
    """What was found of a part, and what was done about it."""

    part: str
    found: str
    done: str = NOTHING

    @property
    def was_needed(self) -> bool:
        """Whether the part was not in order."""
        return self.done != NOTHING


def repair_topics(settings: Settings) -> Repair:
    """Make the topics that are missing, and configure the others as they have to be.

    Where ``orders`` itself is missing, everything that was computed from it is void: the Flink job is cancelled, its
    tables are emptied, and the producer begins again.

    Raises:
        confluent_kafka.KafkaException: the cluster refuses or does not answer.
        supply_chain.stream.flink_rest.FlinkError: Flink does not answer where its job has to be cancelled.
    """
    topics = StreamTopics(settings)
    with control.exclusive(settings):
        missing = topics.missing()
        begun = [] if ORDERS not in missing else _begin_again(settings, topics)
        made = topics.ensure()
    found = f"missing: {', '.join(missing)}" if missing else "all there"
    return Repair("topics", found, "; ".join([*begun, *made]) or NOTHING)


def _begin_again(settings: Settings, topics: StreamTopics) -> list[str]:
    """Void what was computed from a topic that is gone."""
    cluster = FlinkCluster(settings)
    done = []
    job = cluster.find_job(JOB_NAME)
    if job:
        cluster.cancel(job.job_id)
        done.append(f"cancelled Flink job {job.job_id}, which read the lost topic")
    with transaction(settings, Role.SEEDER, "order_stream") as cursor:
        cursor.execute(statement("stream/clear_tables"))
    topics.delete()
    done.append("emptied the stream's tables")
    if _has_sent(settings):
        # While there is no topic: a producer that did not notice the loss would go on in the middle.
        done.append(Supervisor(settings).restart("producer"))
    return done


def repair_flink_job(settings: Settings) -> tuple[Repair, str]:
    """See to it that the Flink job is there, once, and reads the present topics.

    It is submitted from the newest checkpoint or savepoint of these topics, or else from their beginning.

    Returns:
        What was found and done, and the job's id. It may still be starting.

    Raises:
        StreamStoppedError: the stream was stopped in the meantime; nothing is done.
        supply_chain.stream.flink_rest.FlinkError: Flink refuses or does not answer.
    """
    _start_cluster(settings)
    cluster = FlinkCluster(settings)
    with control.exclusive(settings):
        _refuse_if_stopped(settings)
        directory = _state_directory(settings)
        job = cluster.find_job(JOB_NAME)
        found = f"job {job.job_id} is {job.state}" if job else "no job"
        if job:
            if cluster.checkpoint_directory(job.job_id) == directory:
                return Repair("flink", found), job.job_id
            cluster.cancel(job.job_id)
            found += " and reads earlier topics"
        restore_point = newest_restore_point(directory)
        job_id = submit(settings, checkpoints=directory, restore_point=restore_point)
    start = restore_point.relative_to(directory) if restore_point else "the first message"
    return Repair("flink", found, f"submitted from {start}"), job_id


def stop_flink_job(settings: Settings) -> str | None:
    """Stop the Flink job with a savepoint, from which it goes on when it is submitted again.

    Returns:
        The savepoint's path, or None where there is no job.

    Raises:
        supply_chain.stream.flink_rest.FlinkError: Flink refuses or does not answer.
    """
    cluster = FlinkCluster(settings)
    with control.exclusive(settings):
        job = cluster.find_job(JOB_NAME)
        if job is None:
            return None
        # Where the job keeps its state, should source or topics have been replaced under it.
        directory = cluster.checkpoint_directory(job.job_id)
        return str(cluster.stop_with_savepoint(job.job_id, directory))


def match_topics(settings: Settings) -> Repair:
    """Make the topics anew where they hold order lines of a source that is not published any more.

    Raises:
        StreamRunningError: the Flink job runs; nothing is done.
        confluent_kafka.KafkaException: the cluster refuses or does not answer.
    """
    topics = StreamTopics(settings)
    published = control.published_source(settings)
    held = topics.source() if ORDERS in topics.partitions() else None
    if published is None or held in {None, published.checksum}:
        return Repair("topics", "no order lines of another source")
    with control.exclusive(settings):
        job = FlinkCluster(settings).find_job(JOB_NAME)
        if job:
            raise StreamRunningError(
                f"job {job.job_id} is {job.state}; trigger stop_order_stream, then clear this task"
            )
        done = topics.recreate()
    return Repair("topics", f"order lines of source {held}", "; ".join(done))


def repair_producer(settings: Settings) -> Repair:
    """See to it that the order producer reports.

    Raises:
        supply_chain.supervisor.SupervisorError: the supervisor cannot start it.
        TimeoutError: it was started and does not report.
    """
    report = read_producer(settings)
    if report and report.heartbeat_age_seconds <= HEARTBEAT_LIMIT_SECONDS:
        return Repair("producer", f"{report.state}, heard {report.heartbeat_age_seconds:.0f} s ago")
    supervisor = Supervisor(settings)
    if report and report.heartbeat_age_seconds > HANGING_SECONDS:
        done = supervisor.restart("producer")
    else:
        done = supervisor.ensure_up("producer")
    _await_heartbeat(settings)
    found = f"silent for {report.heartbeat_age_seconds:.0f} s" if report else "it has never reported"
    return Repair("producer", found, done)


def _start_cluster(settings: Settings) -> None:
    """Have the Flink processes started that their supervisor has given up on, and wait for the JobManager."""
    cluster, supervisor = FlinkCluster(settings), Supervisor(settings)
    try:
        taskmanagers = cluster.taskmanagers()
    except FlinkError:
        supervisor.ensure_up("jobmanager")
        retrying = Retrying(stop=stop_after_delay(START_SECONDS), wait=wait_fixed(1), reraise=True)
        taskmanagers = retrying(cluster.taskmanagers)
    if not taskmanagers:
        supervisor.ensure_up("taskmanager")


def _state_directory(settings: Settings) -> Path:
    """Where the Flink job keeps its state of the present source in the present topics.

    Both matter: offsets and counts are void where the topics were lost and made anew, and messages were judged by the
    products, stores and customers of their source.

    Raises:
        StreamStoppedError: nothing is seeded any more.
    """
    source = control.published_source(settings)
    if source is None:
        raise StreamStoppedError("Nothing is seeded any more.")
    return checkpoint_directory(settings, source.checksum) / StreamTopics(settings).identity()


def _refuse_if_stopped(settings: Settings) -> None:
    told = control.read(settings)
    if told is None or told.desired_state is DesiredState.STOPPED:
        raise StreamStoppedError(f"Stopped by {told.changed_by if told else 'nobody'}: the Flink job is not submitted.")


def _has_sent(settings: Settings) -> bool:
    report = read_producer(settings)
    return report is not None and report.last_position > 0


def _await_heartbeat(settings: Settings) -> None:
    def is_silent(report: ProducerReport | None) -> bool:
        return report is None or report.heartbeat_age_seconds > HEARTBEAT_LIMIT_SECONDS

    def give_up(_: RetryCallState) -> None:
        raise TimeoutError(f"the order producer does not report within {START_SECONDS:.0f} s; its log says why")

    Retrying(
        retry=retry_if_result(is_silent),
        stop=stop_after_delay(START_SECONDS),
        wait=wait_fixed(1),
        retry_error_callback=give_up,
    )(read_producer, settings)
