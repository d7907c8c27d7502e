"""How a job is submitted to Spark: the same from Airflow, from a shell, and from tests.

No secret is in any of it: the database password is in a file that ``PGPASSFILE`` names to driver and executors.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from supply_chain.database import Role
from supply_chain.paths import FLINK_JARS, password_file, python_of, run_dir, site_packages
from supply_chain.settings import REPOSITORY, env_file

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

JOBS = REPOSITORY / "spark_jobs"
CONFIGURATION = JOBS / "conf"


QUIET = "ignore::FutureWarning"
"""PySpark says at every call that it has not been tried with the present pandas; the tests of the job have."""


def distribution() -> Path:
    """Return the Spark distribution inside the PySpark package."""
    return site_packages("spark") / "pyspark"


def master_url(settings: Settings) -> str:
    """Return the address of the cluster that runs the jobs, or ``local[...]`` for a cluster inside the driver."""
    return settings.spark_master or f"spark://{settings.spark_host}:{settings.spark_master_port}"


def configuration_dir(settings: Settings, process: str = "jobs") -> Path:
    """Return the folder of Spark's own configuration files.

    Args:
        settings: the deployment.
        process: ``master`` or ``worker``; by default a driver. Where the parts encrypt each has files of its own.
    """
    return run_dir(settings) / f"spark-{process}" if settings.tls_authority else CONFIGURATION


def submit_conf(settings: Settings) -> dict[str, str]:
    """Return the configuration of every job."""
    (jdbc,) = FLINK_JARS.glob("postgresql-*.jar")
    executors = {
        # One thread each: the tasks themselves are what runs in parallel.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PGPASSFILE": str(password_file(settings, Role.FORECASTER)),
        "PYTHONPATH": _python_path(),
        "PYTHONWARNINGS": QUIET,
    }
    return {
        "spark.jars": str(jdbc),
        "spark.pyspark.python": str(python_of("spark")),
        "spark.driver.host": settings.own_address,
        "spark.driver.bindAddress": settings.own_address,
        "spark.driver.memory": settings.spark_driver_memory,
        "spark.executor.memory": settings.spark_executor_memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # Otherwise a shuffle this small ends up in one task, and one core works.
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        # The plan is in no log; a warning that it was shortened would be.
        "spark.sql.debug.maxToStringFields": "1000",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        **{f"spark.executorEnv.{name}": value for name, value in executors.items()},
    }


def submit_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that ``spark-submit`` needs beyond those that are set."""
    return {
        "ENV_FILE": str(env_file()),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": f"{distribution() / 'bin'}:{os.environ['PATH']}",
        "PGPASSFILE": str(password_file(settings, Role.FORECASTER)),
        "PYTHONPATH": _python_path(),
        "PYTHONWARNINGS": QUIET,
        "SPARK_CONF_DIR": str(configuration_dir(settings)),
        "SPARK_HOME": str(distribution()),
        "SPARK_LOCAL_DIRS": str(settings.state_dir / "spark" / "tmp"),
        "SPARK_LOCAL_IP": settings.own_address,
    }


def submit_command(settings: Settings, script: Path, *arguments: str) -> list[str]:
    """Return the command line that submits a job, to be run with :func:`submit_environment`."""
    options = [part for name, value in submit_conf(settings).items() for part in ("--conf", f"{name}={value}")]
    program = str(distribution() / "bin" / "spark-submit")
    return [program, "--master", master_url(settings), *options, str(script), *arguments]


def _python_path() -> str:
    return f"{REPOSITORY / 'plugins'}:{JOBS}"
