"""The Flink cluster as its REST API shows it, and the one job that runs there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

import requests
from tenacity import RetryError, Retrying, retry_if_not_result, stop_after_delay, wait_fixed

from supply_chain.database import Role, jdbc_url
from supply_chain.kafka.topics import (
    CONSUMER_GROUP,
    HEADER_FIELD,
    HEADER_OFFSET,
    HEADER_PARTITION,
    HEADER_PRODUCED_AT,
    HEADER_REASON,
    MAX_MESSAGE_BYTES,
    ORDERS,
    REJECTED,
)
from supply_chain.orders.event import NO_DEMAND
from supply_chain.paths import python_of, site_packages
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

T = TypeVar("T")

JOB_NAME = "inventory-stream"
"""What the job is called in Flink."""

PAYLOAD_START_BYTES = 200
"""How much of a rejected message ``rejected_events`` shows."""

FLUSH_ROWS = 5_000
"""Rows after which a JDBC sink writes; it keeps the newest of each key, so that most of them never reach PostgreSQL."""

FLUSH_INTERVAL = "1 s"
"""Time after which a JDBC sink writes what it has."""

ENDED = frozenset({"FINISHED", "CANCELED", "FAILED", "SUSPENDED"})
"""States in which a job neither runs nor comes back by itself."""

_ANSWER_TIMEOUT_SECONDS = 10
_SUBMISSION_TIMEOUT_SECONDS = 180
_STOP_TIMEOUT_SECONDS = 120
_PYTHON_DRIVER = "org.apache.flink.client.python.PythonDriver"


class FlinkError(RuntimeError):
    """Flink does not answer, or refuses what it was asked."""


@dataclass(frozen=True)
class Job:
    """One job; ``state`` is Flink's: RUNNING, RESTARTING, FAILED..."""

    job_id: str
    name: str
    state: str
    started_at: datetime

    @property
    def ended(self) -> bool:
        """Whether the job neither runs nor comes back by itself."""
        return self.state in ENDED


@dataclass(frozen=True)
class Vertex:
    """A chain of operators; records are counted since the job's start or its last restart."""

    name: str
    state: str
    parallelism: int
    records_read: int
    records_written: int


@dataclass(frozen=True)
class JobDetails(Job):
    """A job with its parts."""

    vertices: tuple[Vertex, ...]

    @property
    def tasks_running(self) -> bool:
        """Whether every part of the job runs: a job is called RUNNING before its tasks do."""
        return self.state == "RUNNING" and all(vertex.state == "RUNNING" for vertex in self.vertices)


@dataclass(frozen=True)
class JobException:
    """Why a job failed or restarted."""

    occurred_at: datetime
    summary: str
    stack_trace: str


@dataclass(frozen=True)
class Checkpoint:
    """A completed checkpoint or savepoint; ``path`` is where a job can start from."""

    checkpoint_id: int
    path: Path
    completed_at: datetime
    duration_milliseconds: int


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of a job."""

    completed: int
    failed: int
    in_progress: int
    latest: Checkpoint | None
    restored_from: Path | None


def checkpoint_directory(settings: Settings, checksum: str) -> Path:
    """Return where the job keeps its state of one source, so that it never goes on with another from there.

    Args:
        settings: the deployment.
        checksum: identifies what the topic of order lines holds (hex).
    """
    return settings.checkpoint_root / checksum[:12]


def newest_restore_point(directory: Path) -> Path | None:
    """Return the newest complete checkpoint or savepoint below a directory, or None where there is none.

    Args:
        directory: of :func:`checkpoint_directory`; need not exist.
    """
    complete = [*directory.glob("*/chk-*/_metadata"), *directory.glob("savepoints/*/_metadata")]
    return max(complete, key=lambda metadata: metadata.stat().st_mtime_ns).parent if complete else None


def job_parameters(settings: Settings) -> dict[str, str]:
    """Return what the job's statements are filled in with. None of it is secret: the web page shows it."""
    database = jdbc_url(
        settings, {"user": Role.STREAM.login, "reWriteBatchedInserts": "true", "ApplicationName": JOB_NAME}
    )
    return {
        "job_name": JOB_NAME,
        "parallelism": str(settings.flink_parallelism),
        "database_url": database,
        "kafka_bootstrap_servers": settings.kafka_bootstrap_servers,
        "kafka_security_protocol": "SASL_SSL" if settings.kafka_user else "PLAINTEXT",
        # Not read where the protocol is plain text, but a place all the same.
        "tls_authority": str(settings.tls_authority or "none"),
        "orders_topic": ORDERS,
        "rejected_topic": REJECTED,
        "consumer_group": CONSUMER_GROUP,
        "max_message_bytes": str(MAX_MESSAGE_BYTES),
        "header_reason": HEADER_REASON,
        "header_field": HEADER_FIELD,
        "header_partition": HEADER_PARTITION,
        "header_offset": HEADER_OFFSET,
        "header_produced_at": HEADER_PRODUCED_AT,
        "no_demand": ", ".join(f"'{status}'" for status in sorted(NO_DEMAND)),
        "recent_orders_kept": str(settings.recent_orders_kept),
        "payload_start_bytes": str(PAYLOAD_START_BYTES),
        "flush_rows": str(FLUSH_ROWS),
        "flush_interval": FLUSH_INTERVAL,
    }


class FlinkCluster:
    """Client of the cluster's REST API."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._url = settings.flink_rest_url
        self._identity = str(settings.flink_identity) if settings.flink_identity else None

    def taskmanagers(self) -> list[str]:
        """Return the hosts whose TaskManagers are registered.

        Raises:
            FlinkError: the JobManager does not answer.
        """
        found = [urlsplit(each["path"]).hostname for each in self._get("/taskmanagers")["taskmanagers"]]
        return [host for host in found if host]

    def jobs(self, name: str = JOB_NAME) -> list[Job]:
        """Return the jobs of a name that the JobManager remembers, the newest first.

        Raises:
            FlinkError: the JobManager does not answer.
        """
        found = [_job(each) for each in self._get("/jobs/overview")["jobs"] if each["name"] == name]
        return sorted(found, key=lambda job: job.started_at, reverse=True)

    def find_job(self, name: str = JOB_NAME) -> Job | None:
        """Return the job of a name that has not ended, or None.

        Raises:
            FlinkError: the JobManager does not answer.
        """
        return next((job for job in self.jobs(name) if not job.ended), None)

    def job(self, job_id: str) -> JobDetails:
        """Return a job with its parts.

        Raises:
            FlinkError: no such job, or the JobManager does not answer.
        """
        answer = self._get(f"/jobs/{job_id}")
        return JobDetails(**vars(_job(answer)), vertices=tuple(_vertex(each) for each in answer["vertices"]))

    def checkpoint_directory(self, job_id: str) -> Path:
        """Return the directory that a job was given for its state (see :meth:`submit`).

        Raises:
            FlinkError: no such job, or the JobManager does not answer.
        """
        answer = self._get(f"/jobs/{job_id}/config")
        return _path(answer["execution-config"]["user-config"]["checkpoint-directory"])

    def exceptions(self, job_id: str) -> list[JobException]:
        """Return why a job failed or restarted, the newest first.

        Raises:
            FlinkError: no such job, or the JobManager does not answer.
        """
        entries = self._get(f"/jobs/{job_id}/exceptions")["exceptionHistory"]["entries"]
        return [
            JobException(_time(each["timestamp"]), _root_cause(each["stacktrace"]), each["stacktrace"])
            for each in entries
        ]

    def checkpoints(self, job_id: str) -> Checkpoints:
        """Return the checkpoints of a job.

        Raises:
            FlinkError: no such job, or the JobManager does not answer.
        """
        answer = self._get(f"/jobs/{job_id}/checkpoints")
        counts, latest = answer["counts"], answer["latest"]
        done = [each for each in (latest["completed"], latest["savepoint"]) if each]
        newest = max(done, key=lambda each: each["id"], default=None)
        restored = latest["restored"]
        return Checkpoints(
            completed=counts["completed"],
            failed=counts["failed"],
            in_progress=counts["in_progress"],
            latest=_checkpoint(newest) if newest else None,
            restored_from=_path(restored["external_path"]) if restored and restored.get("external_path") else None,
        )

    def submit(self, *, checkpoints: Path, restore_point: Path | None = None) -> str:
        """Start the job, from a restore point or else from the earliest order line.

        Two callers at the same time start it once: both ask for the same job id, and Flink takes an id once.

        Args:
            checkpoints: where the job keeps its state (:func:`checkpoint_directory`).
            restore_point: of :func:`newest_restore_point`; the job takes it over and removes it in time.

        Returns:
            The job's id.

        Raises:
            FlinkError: the job is there already, or could not be started.
        """
        past = self.jobs()
        running = next((job for job in past if not job.ended), None)
        if running:
            raise FlinkError(f"job {JOB_NAME} is there already: {running.job_id} is {running.state}; stop it first")
        body: dict[str, Any] = {
            "entryClass": _PYTHON_DRIVER,
            "programArgsList": _program_arguments(self._settings, checkpoints),
            "jobId": _next_job_id(checkpoints, restore_point, len(past)),
        }
        if restore_point:
            body |= {"savepointPath": restore_point.as_uri(), "claimMode": "CLAIM"}
        jar = self._python_jar()
        answer = self._call("POST", f"/jars/{jar}/run", timeout=_SUBMISSION_TIMEOUT_SECONDS, json=body)
        return str(answer["jobid"])

    def stop_with_savepoint(self, job_id: str, directory: Path) -> Path:
        """Stop a job in good order: a savepoint is made, everything before it written, and the job ends.

        Args:
            job_id: of a running job.
            directory: of :func:`checkpoint_directory`.

        Returns:
            The savepoint, from which the job can start again.

        Raises:
            FlinkError: the savepoint failed, or the job did not end in time.
        """
        target = (directory / "savepoints").as_uri()
        request = self._call("POST", f"/jobs/{job_id}/stop", json={"targetDirectory": target, "drain": False})
        trigger = request["request-id"]
        status = _wait_for(
            lambda: self._get(f"/jobs/{job_id}/savepoints/{trigger}"),
            lambda answer: answer["status"]["id"] == "COMPLETED",
            f"the savepoint of job {job_id} is not complete",
        )
        operation = status["operation"]
        if "location" not in operation:
            cause = _root_cause(operation["failure-cause"]["stack-trace"])
            raise FlinkError(f"the savepoint of job {job_id} failed: {cause}")
        self.wait_until_ended(job_id)
        return _path(operation["location"])

    def cancel(self, job_id: str) -> None:
        """Stop a job at once; its newest checkpoint stays.

        Raises:
            FlinkError: no such job, or it did not end in time.
        """
        self._call("PATCH", f"/jobs/{job_id}", params={"mode": "cancel"})
        self.wait_until_ended(job_id)

    def wait_until_ended(self, job_id: str) -> Job:
        """Wait for the end of a job: only then are its task slots free.

        Raises:
            FlinkError: the job did not end in time.
        """
        return _wait_for(
            lambda: self.job(job_id),
            lambda job: job.ended,
            f"job {job_id} has not ended",
        )

    def _python_jar(self) -> str:
        """Return the id of Flink's Python jar at the JobManager; it is uploaded where that lacks it."""
        jar = next((site_packages("flink") / "pyflink" / "opt").glob("flink-python-*.jar"))
        present = [each["id"] for each in self._get("/jars")["files"] if each["name"] == jar.name]
        if present:
            return str(present[0])
        with jar.open("rb") as content:
            files = {"jarfile": (jar.name, content, "application/x-java-archive")}
            answer = self._call("POST", "/jars/upload", timeout=_SUBMISSION_TIMEOUT_SECONDS, files=files)
        return Path(answer["filename"]).name

    def _get(self, path: str) -> Any:
        return self._call("GET", path)

    def _call(self, method: str, path: str, *, timeout: int = _ANSWER_TIMEOUT_SECONDS, **request: Any) -> Any:
        try:
            response = requests.request(method, self._url + path, timeout=timeout, cert=self._identity, **request)
        except requests.RequestException as error:
            raise FlinkError(f"Flink does not answer at {self._url}{path}: {error}") from error
        if not response.ok:
            raise FlinkError(f"Flink refused {method} {path} ({response.status_code}): {_refusal(response)}")
        return response.json()


def _program_arguments(settings: Settings, checkpoints: Path) -> list[str]:
    flink = REPOSITORY / "flink"
    parameters = job_parameters(settings) | {"checkpoint_directory": checkpoints.as_uri()}
    arguments = ["-pyclientexec", str(python_of("flink")), "-py", str(flink / "job.py"), "--sql", str(flink / "sql")]
    for name, value in parameters.items():
        arguments += ["--parameter", f"{name}={value}"]
    return arguments


def _next_job_id(checkpoints: Path, restore_point: Path | None, past_jobs: int) -> str:
    """An id that follows from what a caller sees, so that callers who see the same ask for the same."""
    seen = f"{JOB_NAME}|{checkpoints}|{restore_point}|{past_jobs}"
    return hashlib.sha256(seen.encode()).hexdigest()[:32]


def _wait_for(look: Callable[[], T], done: Callable[[T], bool], otherwise: str) -> T:
    attempts = Retrying(
        retry=retry_if_not_result(done), stop=stop_after_delay(_STOP_TIMEOUT_SECONDS), wait=wait_fixed(0.5)
    )
    try:
        return attempts(look)
    except RetryError:
        raise FlinkError(f"{otherwise} after {_STOP_TIMEOUT_SECONDS} s") from None


def _job(answer: dict[str, Any]) -> Job:
    return Job(answer["jid"], answer["name"], answer["state"], _time(answer["start-time"]))


def _vertex(answer: dict[str, Any]) -> Vertex:
    metrics = answer["metrics"]
    return Vertex(
        answer["name"], answer["status"], answer["parallelism"], metrics["read-records"], metrics["write-records"]
    )


def _checkpoint(answer: dict[str, Any]) -> Checkpoint:
    return Checkpoint(
        checkpoint_id=answer["id"],
        path=_path(answer["external_path"]),
        completed_at=_time(answer["latest_ack_timestamp"]),
        duration_milliseconds=answer["end_to_end_duration"],
    )


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _path(uri: str) -> Path:
    return Path(unquote(urlsplit(uri).path))


def _refusal(response: requests.Response) -> str:
    try:
        errors = response.json()["errors"]
    except (ValueError, KeyError):
        return response.text[:500]
    return _root_cause("\n".join(errors))


def _root_cause(stack_trace: str) -> str:
    """The last cause named in a Java stack trace, in one line."""
    lines = [line.strip() for line in stack_trace.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return causes[-1] if causes else next(iter(lines), "no reason given")
