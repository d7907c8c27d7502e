"""A machine as people have it: a folder with any name, a proxy that reaches nothing here, options for every Java."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from supply_chain.paths import python_of
from supply_chain.plain_paths import plain
from supply_chain.settings import REPOSITORY
from supply_chain.settings_file import ensure_env_file, store
from tests.servers import COMPANY, free_ports

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

FOLDER = 'it\'s 100% "mine", é & $HOME/' + "x" * 80
PARTS = ["postgres", "kafka", "jobmanager", "taskmanager", "spark-master", "spark-worker"]

START = """
import sys, time
from supply_chain.settings import load_settings
from supply_chain.servers.parts import PARTS
from supply_chain.paths import make_folders
from supply_chain.stack.supervisord import launch

settings = load_settings()
make_folders(settings)
supervisor = launch(settings, PARTS.values())
for name in sys.argv[1:]:
    supervisor.start(name)
deadline = time.monotonic() + 400
for name in sys.argv[1:]:
    while True:
        try:
            PARTS[name].probe(settings)
            break
        except Exception as error:
            if time.monotonic() > deadline:
                sys.exit(f"{name}: {error}")
            time.sleep(0.5)
"""


@pytest.fixture
def clone(tmp_path):
    """What the parts need of the repository, in a folder of that name; the environments are those of this one."""
    folder = tmp_path / FOLDER
    (folder / ".build").mkdir(parents=True)
    for name in ("plugins", "docker", "flink", "spark_jobs"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("venv", "jars"):
        (folder / ".build" / name).symlink_to(REPOSITORY / ".build" / name)
    store(ensure_env_file(folder / ".env"), {name.upper(): str(port) for name, port in free_ports().items()})
    yield folder
    link = plain(folder)
    shutil.rmtree(folder)
    if link != folder:
        link.unlink()


def test_the_parts_start_and_answer(clone):
    kept = {name: value for name, value in os.environ.items() if name not in {"ENV_FILE", "LC_ALL", "LANG"}}
    environment = {**kept, **COMPANY, "PYTHONPATH": str(clone / "plugins"), "LC_ALL": "C"}
    python = str(python_of("native"))
    try:
        started = subprocess.run(
            [python, "-c", START, *PARTS], env=environment, cwd=clone, capture_output=True, text=True, check=False
        )
        assert started.returncode == 0, started.stderr
    finally:
        down = subprocess.run(
            [python, "-m", "supply_chain.stack", "down"],
            env=environment, cwd=clone, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert "stopped" in down.stderr
    assert "Picked up JAVA_TOOL_OPTIONS" in (clone / "var" / "log" / "jobmanager.log").read_text()
