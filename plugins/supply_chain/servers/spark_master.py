"""The Spark master: gives workers to jobs, serves the cluster's web page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.servers import spark

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def prepare(settings: Settings) -> None:
    """Make the cluster's folders and configuration."""
    spark.prepare(settings, "master", page_port=settings.spark_master_web_port)


def command(settings: Settings) -> list[str]:
    """Return the command line of the master, in the foreground."""
    return spark.command(
        settings,
        "master",
        *("--host", settings.spark_host, "--port", str(settings.spark_master_port)),
        page_port=settings.spark_master_web_port,
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that the process needs."""
    return spark.environment(settings, "master")


def probe(settings: Settings) -> None:
    """Check that the master takes jobs.

    Raises:
        SparkError: it does not.
    """
    status = spark.state(settings)["status"]
    if status != "ALIVE":
        raise spark.SparkError(f"the Spark master is {status}")
