"""The Spark cluster and its two processes: the master gives workers to jobs, the worker starts their executors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests

from supply_chain import spark
from supply_chain.database import Role
from supply_chain.paths import log_dir, python_of
from supply_chain.servers.databases import write_password_file
from supply_chain.servers.keystore import write_keystore
from supply_chain.servers.render import render
from supply_chain.settings import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

PROBE_SECONDS = 5

MASTER_OPTIONS = "-Dspark.master.rest.enabled=false"
"""Spark's master would open a second port (6066) on which everybody may have it run a program, without any secret."""


class SparkError(RuntimeError):
    """The cluster is not as it should be."""


def prepare(settings: Settings, process: str = "jobs") -> None:
    """Make ready for a process: folders, the password file of the jobs' role, and how it encrypts.

    Args:
        settings: the deployment.
        process: ``master`` or ``worker``; by default the drivers of jobs.

    Raises:
        SettingsError: the parts encrypt, and there is no certificate for the page.
    """
    for folder in (work_dir(settings), settings.state_dir / "spark" / "tmp", log_dir(settings)):
        folder.mkdir(parents=True, exist_ok=True)
    write_password_file(settings, Role.FORECASTER)
    if settings.tls_authority:
        _write_configuration(settings, process)


def _page_port(settings: Settings, process: str) -> int | None:
    """Return where the web page of a process is; drivers have none."""
    return {"master": settings.spark_master_web_port, "worker": settings.spark_worker_web_port}.get(process)


def _write_configuration(settings: Settings, process: str) -> None:
    folder = spark.configuration_dir(settings, process)
    values: dict[str, object] = {"SPARK_SECRET": settings.spark_secret.get_secret_value()}
    pages = []
    page_port = _page_port(settings, process)
    if page_port is not None:
        if settings.tls_identity is None:
            raise SettingsError("TLS_IDENTITY: missing; with TLS_AUTHORITY Spark's web pages need it")
        keystore = folder / "page.p12"
        password = write_keystore(settings.tls_identity, keystore)
        values |= {"PAGE_PORT": page_port, "KEYSTORE": keystore, "KEYSTORE_PASSWORD": password}
        pages = [spark.CONFIGURATION / "pages.conf"]
    render(spark.CONFIGURATION / "encryption.conf", folder / "spark-defaults.conf", values, then=pages)
    render(spark.CONFIGURATION / "log4j2.properties", folder / "log4j2.properties", {})


def work_dir(settings: Settings) -> Path:
    """Return the folder in which executors run."""
    return settings.state_dir / "spark" / "work"


def command(settings: Settings, process: str) -> list[str]:
    """Return the command line of a Spark process, in the foreground.

    The script works out the options of the JVM and then becomes it (exec), so that signals reach that.

    Args:
        settings: the deployment.
        process: ``master`` or ``worker``.
    """
    # Over TLS this port does nothing but send browsers to the other, which is in the configuration: any will do.
    page = ("--webui-port", "0" if settings.tls_authority else str(_page_port(settings, process)))
    arguments = {
        "master": ("--host", settings.spark_host, "--port", str(settings.spark_master_port)),
        "worker": (
            *("--host", settings.own_address),
            *("--cores", str(settings.spark_worker_cores), "--memory", settings.spark_worker_memory),
            *("--work-dir", str(work_dir(settings))),
            f"spark://{settings.spark_host}:{settings.spark_master_port}",
        ),
    }
    program = spark.distribution() / "bin" / "spark-class"
    return [str(program), f"org.apache.spark.deploy.{process}.{process.title()}", *page, *arguments[process]]


def environment(settings: Settings, process: str) -> dict[str, str]:
    """Return the variables that a Spark process, ``master`` or ``worker``, needs."""
    cleanup = {"enabled": "true", "interval": "600", "appDataTtl": "3600"}
    return {
        **spark.submit_environment(settings),
        "SPARK_CONF_DIR": str(spark.configuration_dir(settings, process)),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_MASTER_OPTS": MASTER_OPTIONS,
        "SPARK_WORKER_OPTS": " ".join(f"-Dspark.worker.cleanup.{name}={value}" for name, value in cleanup.items()),
        "PYSPARK_PYTHON": str(python_of("spark")),
    }


def probe_master(settings: Settings) -> None:
    """Check that the master takes jobs.

    Raises:
        SparkError: it does not.
    """
    status = state(settings)["status"]
    if status != "ALIVE":
        raise SparkError(f"the Spark master is {status}")


def probe_worker(settings: Settings) -> None:
    """Check that the worker is registered at the master with all its cores.

    Raises:
        SparkError: it is not, or the master does not answer.
    """
    own = [worker for worker in state(settings)["workers"] if worker["host"] == settings.own_address]
    cores = sum(worker["cores"] for worker in own if worker["state"] == "ALIVE")
    if cores < settings.spark_worker_cores:
        raise SparkError(f"{cores} cores are registered of {settings.spark_worker_cores}")


def state(settings: Settings) -> dict[str, Any]:
    """Return what the master says of itself, its workers and its applications.

    Raises:
        SparkError: it does not answer.
    """
    address = f"{settings.spark_url}/json/"
    try:
        answer = requests.get(address, timeout=PROBE_SECONDS)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
    except (requests.RequestException, json.JSONDecodeError) as error:
        raise SparkError(f"the Spark master does not answer at {address}: {error}") from error
    return told
