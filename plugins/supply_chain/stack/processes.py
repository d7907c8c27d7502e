"""What supervisord and containers call: become a part, check a part, or prepare what parts need."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from supply_chain.paths import log_dir, make_folders
from supply_chain.servers import airflow, databases, kafka_users, superset
from supply_chain.servers.parts import PARTS
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

STEPS: dict[str, Callable[[Settings], object]] = {
    "databases": databases.ensure_databases,
    "airflow": airflow.prepare_database,
    "superset": superset.prepare_database,
    "kafka-users": kafka_users.ensure_users,
}
"""What has to be done before parts start, in containers that end. Doing it again changes nothing."""


def run(name: str) -> int:
    """Prepare a part, and replace this process by it."""
    part = PARTS[name]
    settings = load_settings()
    make_folders(settings)
    try:
        part.prepare(settings)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stdout or ''}{error.stderr or ''}\n{name}: {error.cmd[0]} ended with {error.returncode}")
    # The part ends when what started it is killed, so that no part is left that nobody supervises.
    command = ["setpriv", "--pdeathsig", "TERM", "--", *part.command(settings)]
    os.execvpe(command[0], command, {**os.environ, **part.environment(settings)})  # noqa: S606


def check(name: str) -> int:
    """Check whether a part works: print what is wrong and return 1, or return 0."""
    try:
        PARTS[name].probe(load_settings())
    except Exception as reason:
        print(reason)
        return 1
    return 0


def prepare(name: str) -> int:
    """Do one step before parts start; where a program failed in it, print what it said and return 1."""
    settings = load_settings()
    make_folders(settings)
    try:
        STEPS[name](settings)
    except subprocess.CalledProcessError as error:
        for log in log_dir(settings).glob(f"{name}-migrate.log"):
            print(log.read_text(encoding="utf-8"))
        print(f"{name}: {error}")
        return 1
    print(f"{name}: done")
    return 0
