"""What the platform's code imports is in the requirements of the environments that run it."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

import pytest

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

DISTRIBUTIONS = {
    "airflow": "apache-airflow",
    "airflow.providers.apache.kafka": "apache-airflow-providers-apache-kafka",
    "airflow.providers.apache.spark": "apache-airflow-providers-apache-spark",
    "airflow.providers.fab": "apache-airflow-providers-fab",
    "airflow.providers.standard": "apache-airflow-providers-standard",
    "dotenv": "python-dotenv",
    "psycopg2": "psycopg2-binary",
    "yaml": "pyyaml",
    "yoyo": "yoyo-migrations",
    "confluent_kafka": "confluent-kafka",
    "pydantic_settings": "pydantic-settings",
}
COMES_WITH = {
    "asgiref": "apache-airflow",
    "numpy": "pandas",
    "pydantic": "pydantic-settings",
    "typing_extensions": "pydantic-settings",
}
"""Packages in whose terms a declared one is used, so that it cannot come without them."""

OWN = {"supply_chain", "operators", "forecasting"}
FOLDERS = {
    "plugins/operators": ["."],
    "plugins/supply_chain/stream": ["."],
    "plugins/supply_chain/seed": ["."],
    "plugins/supply_chain/forecast_runs": ["."],
    "plugins/supply_chain/replenishment": ["."],
    "plugins/supply_chain/producer": ["docker/native"],
    "plugins/supply_chain/ledger": ["docker/native"],
    "plugins/supply_chain/kafka": [".", "docker/native"],
    "plugins/supply_chain/servers": ["docker/native"],
    "plugins/supply_chain/stack": ["docker/native"],
    "dags": ["."],
}


def declared(folder: str) -> set[str]:
    text = (REPOSITORY / folder / "requirements.in").read_text()
    return {name.lower() for name in re.findall(r"^([A-Za-z0-9-]+)", text, re.MULTILINE)}


def imported(file: Path) -> set[str]:
    """Return the modules outside of the standard library that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.split(".")[0] not in sys.stdlib_module_names | OWN}


def distribution(module: str) -> str:
    known = [name for name in DISTRIBUTIONS if module == name or module.startswith(f"{name}.")]
    top = module.split(".", maxsplit=1)[0]
    return DISTRIBUTIONS[max(known, key=len)] if known else COMES_WITH.get(top, top)


@pytest.mark.parametrize(
    ("folder", "requirements"), [(folder, each) for folder, some in FOLDERS.items() for each in some]
)
def test_every_import_is_declared(folder, requirements):
    files = list((REPOSITORY / folder).rglob("*.py"))
    assert files
    missing = {
        f"{file.relative_to(REPOSITORY)} imports {module}"
        for file in files
        for module in imported(file)
        # Commands run beside the supervisor, whatever the package is used for.
        if distribution(module) not in declared("docker/native" if file.name == "__main__.py" else requirements)
    }
    assert not missing
