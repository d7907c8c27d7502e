"""The one job of the stream: its parameters, where its state is, and its submission."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

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
from supply_chain.stream.flink_rest import FlinkCluster, FlinkError

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

JOB_NAME = "inventory-stream"
"""The job's name in Flink."""

PAYLOAD_START_BYTES = 200
"""How much of a rejected message ``rejected_events`` shows."""

FLUSH_ROWS = 5_000
"""Rows after which a JDBC sink writes; it keeps the newest of each key, so that most of them never reach PostgreSQL."""

FLUSH_INTERVAL = "1 s"
"""Time after which a JDBC sink writes what it has."""

_PYTHON_DRIVER = "org.apache.flink.client.python.PythonDriver"


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


def submit(settings: Settings, *, checkpoints: Path, restore_point: Path | None = None) -> str:
    """Start the job, from a restore point or else from the earliest order line.

    Two callers at the same time start it once: both ask for the same job id, and Flink takes an id once.

    Args:
        settings: the deployment.
        checkpoints: where the job keeps its state (:func:`checkpoint_directory`).
        restore_point: of :func:`newest_restore_point`; the job takes it over and removes it in time.

    Returns:
        The job's id.

    Raises:
        FlinkError: the job is there already, or could not be started.
    """
    cluster = FlinkCluster(settings)
    past = cluster.jobs(JOB_NAME)
    running = next((job for job in past if not job.ended), None)
    if running:
        raise FlinkError(f"job {JOB_NAME} is there already: {running.job_id} is {running.state}; stop it first")
    body: dict[str, Any] = {
        "entryClass": _PYTHON_DRIVER,
        "programArgsList": _program_arguments(settings, checkpoints),
        "jobId": _next_job_id(checkpoints, restore_point, len(past)),
    }
    if restore_point:
        body |= {"savepointPath": restore_point.as_uri(), "claimMode": "CLAIM"}
    (jar,) = (site_packages("flink") / "pyflink" / "opt").glob("flink-python-*.jar")
    return cluster.run_jar(jar, body)


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
