"""Where the native stack keeps things: ``.build`` follows from the locks, the state directory is data."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.database import Role
    from supply_chain.settings import Settings

BUILD = REPOSITORY / ".build"
KAFKA_JARS = BUILD / "jars" / "kafka"
FLINK_JARS = BUILD / "jars" / "flink"
FLINK_ROOT = BUILD / "flink"


def environment_of(component: str) -> Path:
    """Return the virtual environment of a component: native, airflow, flink, spark, superset or tests."""
    return BUILD / "venv" / component


def python_of(component: str) -> Path:
    """Return the interpreter of a component."""
    return environment_of(component) / "bin" / "python"


def module_of(component: str, module: str) -> list[str]:
    """Return the command line of a program that a component's environment has, by its module.

    The scripts of an environment name their interpreter in a first line that takes no long path.
    """
    return [str(python_of(component)), "-P", "-m", module]


def java() -> str:
    """Return the program that runs Java: that of ``JAVA_HOME``, as Flink and Spark do, or else the one on PATH."""
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else "java"


def site_packages(component: str) -> Path:
    """Return the folder of a component's installed packages."""
    return next((environment_of(component) / "lib").glob("python3.*/site-packages"))


def run_dir(settings: Settings) -> Path:
    """Return the folder of sockets, rendered configurations and password files; its owner's alone."""
    return settings.state_dir / "run"


def log_dir(settings: Settings) -> Path:
    """Return the folder of the log files, one for each part."""
    return settings.state_dir / "log"


def make_folders(settings: Settings) -> None:
    """Make the folders that every part writes to."""
    for folder in (run_dir(settings), log_dir(settings)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def password_file(settings: Settings, role: Role) -> Path:
    """Return where libpq and JDBC find the password of a role, named to them by ``PGPASSFILE``."""
    return run_dir(settings) / f"{role.value}.pgpass"


def supervisor_socket(settings: Settings) -> Path:
    """Return the socket at which the supervisor takes commands."""
    return run_dir(settings) / "supervisor.sock"
