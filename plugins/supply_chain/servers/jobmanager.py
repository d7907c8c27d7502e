"""The Flink JobManager: coordinates checkpoints, serves the web page and the REST API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.servers import flink
from supply_chain.stream.flink_rest import FlinkCluster

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def prepare(settings: Settings) -> None:
    """Write the cluster's configuration."""
    flink.prepare(settings, "jobmanager")


def command(settings: Settings) -> list[str]:
    """Return the command line of the JobManager, in the foreground."""
    return flink.command("jobmanager")


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that the process needs."""
    return flink.environment(settings, "jobmanager")


def probe(settings: Settings) -> None:
    """Check that the JobManager answers.

    Raises:
        FlinkError: it does not.
    """
    FlinkCluster(settings).taskmanagers()
