"""Airflow for the tests of its DAGs: a home of its own, and commands against a real metadata database."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

import pytest

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

# Before anything imports Airflow, which reads its configuration then and would make a home in the user's.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(REPOSITORY / "dags")
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(REPOSITORY / "plugins")


@pytest.fixture(scope="session")
def airflow(postgres_server: Settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs an Airflow command as the native stack would, against a migrated metadata database."""
    from supply_chain.stack import airflow

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            airflow.command(postgres_server, *arguments),
            env={**os.environ, **airflow.environment(postgres_server)},
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )

    migrated = run("db", "migrate")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return run
