"""A client of the Flink cluster's REST API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

import requests
from tenacity import RetryError, Retrying, retry_if_not_result, stop_after_delay, wait_fixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

T = TypeVar("T")

ENDED = frozenset({"FINISHED", "CANCELED", "FAILED", "SUSPENDED"})
"""States in which a job neither runs nor comes back by itself."""

_ANSWER_TIMEOUT_SECONDS = 10
_SUBMISSION_TIMEOUT_SECONDS = 180
_STOP_TIMEOUT_SECONDS = 120


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
    """A chain of operators, and Flink's state of it."""

    name: str
    state: str


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

    summary: str
    stack_trace: str


@dataclass(frozen=True)
class Checkpoint:
    """A completed checkpoint or savepoint; ``path`` is where a job can start from."""

    path: Path
    completed_at: datetime


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of a job."""

    latest: Checkpoint | None
    restored_from: Path | None


class FlinkCluster:
    """Client of the cluster's REST API."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.flink_rest_url
        self._identity = str(settings.flink_identity) if settings.flink_identity else None

    def taskmanagers(self) -> list[str]:
        """Return the hosts whose TaskManagers are registered.

        Raises:
            FlinkError: the JobManager does not answer.
        """
        found = [urlsplit(each["path"]).hostname for each in self._get("/taskmanagers")["taskmanagers"]]
        return [host for host in found if host]

    def jobs(self, name: str) -> list[Job]:
        """Return the jobs of a name that the JobManager remembers, the newest first.

        Raises:
            FlinkError: the JobManager does not answer.
        """
        found = [_job(each) for each in self._get("/jobs/overview")["jobs"] if each["name"] == name]
        return sorted(found, key=lambda job: job.started_at, reverse=True)

    def find_job(self, name: str) -> Job | None:
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
        """Return the directory that a job was given for its state (see :func:`supply_chain.stream.flink_job.submit`).

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
        return [JobException(_root_cause(each["stacktrace"]), each["stacktrace"]) for each in entries]

    def checkpoints(self, job_id: str) -> Checkpoints:
        """Return the checkpoints of a job.

        Raises:
            FlinkError: no such job, or the JobManager does not answer.
        """
        answer = self._get(f"/jobs/{job_id}/checkpoints")
        latest = answer["latest"]
        done = [each for each in (latest["completed"], latest["savepoint"]) if each]
        newest = max(done, key=lambda each: each["id"], default=None)
        restored = latest["restored"]
        return Checkpoints(
            latest=_checkpoint(newest) if newest else None,
            restored_from=_path(restored["external_path"]) if restored and restored.get("external_path") else None,
        )

    def run_jar(self, jar: Path, body: dict[str, Any]) -> str:
        """Submit a job: run a jar, which is uploaded where the JobManager lacks it.

        Args:
            jar: holds the job's entry class.
            body: what ``POST /jars/:jarid/run`` takes.

        Returns:
            The job's id.

        Raises:
            FlinkError: the job could not be started.
        """
        path = f"/jars/{self._uploaded(jar)}/run"
        return str(self._call("POST", path, timeout=_SUBMISSION_TIMEOUT_SECONDS, json=body)["jobid"])

    def stop_with_savepoint(self, job_id: str, directory: Path) -> Path:
        """Stop a job in good order: a savepoint is made, everything before it written, and the job ends.

        Args:
            job_id: of a running job.
            directory: of :func:`supply_chain.stream.flink_job.checkpoint_directory`.

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

    def _uploaded(self, jar: Path) -> str:
        """Return the id of a jar at the JobManager."""
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
    return Vertex(answer["name"], answer["status"])


def _checkpoint(answer: dict[str, Any]) -> Checkpoint:
    return Checkpoint(path=_path(answer["external_path"]), completed_at=_time(answer["latest_ack_timestamp"]))


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
