"""The Flink TaskManager: runs the tasks of the stream's job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.servers import flink
from supply_chain.stream.flink_rest import FlinkCluster, FlinkError

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def prepare(settings: Settings) -> None:
    """Write the cluster's configuration."""
    flink.prepare(settings, "taskmanager")


def command(settings: Settings) -> list[str]:
    """Return the command line of the TaskManager, in the foreground."""
    return flink.command("taskmanager")


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that the process needs."""
    return flink.environment(settings, "taskmanager")


def probe(settings: Settings) -> None:
    """Check that the TaskManager is registered at the JobManager.

    Raises:
        FlinkError: it is not, or the JobManager does not answer.
    """
    if settings.own_address not in FlinkCluster(settings).taskmanagers():
        raise FlinkError(f"the TaskManager of {settings.own_address} is not registered at the JobManager")
