"""The Spark worker: starts the executors of the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.servers import spark

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def prepare(settings: Settings) -> None:
    """Make the cluster's folders and configuration."""
    spark.prepare(settings, "worker", page_port=settings.spark_worker_web_port)


def command(settings: Settings) -> list[str]:
    """Return the command line of the worker, in the foreground."""
    return spark.command(
        settings,
        "worker",
        *("--host", settings.own_address),
        *("--cores", str(settings.spark_worker_cores), "--memory", settings.spark_worker_memory),
        *("--work-dir", str(spark.work_dir(settings))),
        f"spark://{settings.spark_host}:{settings.spark_master_port}",
        page_port=settings.spark_worker_web_port,
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables that the process needs."""
    return spark.environment(settings, "worker")


def probe(settings: Settings) -> None:
    """Check that the worker is registered at the master with all its cores.

    Raises:
        SparkError: it is not, or the master does not answer.
    """
    own = [worker for worker in spark.state(settings)["workers"] if worker["host"] == settings.own_address]
    cores = sum(worker["cores"] for worker in own if worker["state"] == "ALIVE")
    if cores < settings.spark_worker_cores:
        raise spark.SparkError(f"{cores} cores are registered of {settings.spark_worker_cores}")
