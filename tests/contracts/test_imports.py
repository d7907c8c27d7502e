"""The shared library is imported by interpreters that have nothing in common but pydantic."""

from __future__ import annotations

import os
import subprocess

import pytest

from supply_chain.paths import python_of
from supply_chain.settings import REPOSITORY

SHARED = ["settings", "kafka.topics", "database", "settings_file", "orders.event", "spark"]


@pytest.mark.parametrize("component", ["native", "airflow", "flink", "spark", "superset", "tests"])
def test_shared_modules_import_in_every_environment(component):
    program = "; ".join(f"import supply_chain.{module}" for module in SHARED)
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugins")}
    subprocess.run([str(python_of(component)), "-c", program], check=True, env=environment)
