"""No import of the library runs upward, and the layers are those of docs/architecture.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib

import pytest

from supply_chain.paths import environment_of
from supply_chain.settings import REPOSITORY

ROW = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)


def lint(folder) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [environment_of("tests") / "bin" / "lint-imports", "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path):
    """The library and its contract, to be broken."""
    shutil.copytree(REPOSITORY / "plugins", tmp_path / "plugins", ignore=shutil.ignore_patterns("sql", "__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_of_the_page_are_those_that_are_checked():
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    checked = [layer.split(" | ") for layer in contracts[0]["layers"]]
    _, _, section = (REPOSITORY / "docs" / "architecture.md").read_text().partition("## The library's layers")
    assert [re.findall(r"`(\w+)`", row) for row in ROW.findall(section)] == checked


@pytest.mark.parametrize(
    ("importer", "line"),
    [
        ("settings.py", "from supply_chain.stack import lifecycle"),
        ("kafka/topics.py", "from supply_chain import ledger"),
        ("seed/source.py", "from supply_chain.producer import pacing"),
    ],
)
def test_an_import_that_runs_upward_is_found(copy, importer, line):
    assert lint(copy).returncode == 0
    with (copy / "plugins" / "supply_chain" / importer).open("a") as file:
        file.write(f"\n{line}\n")
    found = lint(copy)
    assert found.returncode == 1
    assert importer.removesuffix(".py").replace("/", ".") in found.stdout


def test_a_module_without_a_layer_is_found(copy):
    (copy / "plugins" / "supply_chain" / "somewhere.py").touch()
    found = lint(copy)
    assert found.returncode == 1
    assert "somewhere" in found.stdout
