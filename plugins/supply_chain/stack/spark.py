"""The Spark cluster: what its two processes, master and worker, have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests

from supply_chain import spark
from supply_chain.database import Role
from supply_chain.stack.cluster import write_password_file
from supply_chain.stack.paths import log_dir, python_of

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

PROBE_SECONDS = 5


class SparkError(RuntimeError):
    """The cluster is not as it should be."""


def prepare(settings: Settings) -> None:
    """Make the folders of the cluster, and write the password file of the jobs' role."""
    for folder in (work_dir(settings), settings.state_dir / "spark" / "tmp", log_dir(settings)):
        folder.mkdir(parents=True, exist_ok=True)
    write_password_file(settings, Role.FORECASTER)


def work_dir(settings: Settings) -> Path:
    """Return the folder in which executors run."""
    return settings.state_dir / "spark" / "work"


def command(process: str, *arguments: str) -> list[str]:
    """Return the command line of a Spark process, in the foreground.

    The script works out the options of the JVM and then becomes it (exec), so that signals reach that.
    """
    name = process.lower()
    program = spark.distribution() / "bin" / "spark-class"
    return [str(program), f"org.apache.spark.deploy.{name}.{process}", *arguments]


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that a Spark process needs."""
    cleanup = {"enabled": "true", "interval": "600", "appDataTtl": "3600"}
    return {
        **spark.submit_environment(settings),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_WORKER_OPTS": " ".join(f"-Dspark.worker.cleanup.{name}={value}" for name, value in cleanup.items()),
        "PYSPARK_PYTHON": str(python_of("spark")),
    }


def state(settings: Settings) -> dict[str, Any]:
    """Return what the master says of itself, its workers and its applications.

    Raises:
        SparkError: it does not answer.
    """
    address = f"http://{settings.spark_host}:{settings.spark_master_web_port}/json/"
    try:
        answer = requests.get(address, timeout=PROBE_SECONDS)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    except (requests.RequestException, json.JSONDecodeError) as error:
        raise SparkError(f"the Spark master does not answer at {address}: {error}") from error
    return told
