"""Starts supervisord, which runs every part of the native stack, with its configuration."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from supply_chain.paths import log_dir, module_of, python_of, run_dir
from supply_chain.servers.render import render
from supply_chain.settings import REPOSITORY, Settings, env_file
from supply_chain.supervisor import Supervisor, SupervisorError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from supply_chain.servers.parts import Part

TEMPLATES = REPOSITORY / "docker" / "native"
DEPLOYMENT = "SUPPLY_CHAIN_DEPLOYMENT"
"""Environment variable that marks every process of a deployment with its state directory."""


def launch(settings: Settings, parts: Iterable[Part]) -> Supervisor:
    """Start supervisord with every part configured and none started, unless it runs.

    Raises:
        SupervisorError: supervisord did not start; the message has what it said, and where its log is.
    """
    supervisor = Supervisor(settings)
    if supervisor.is_running():
        return supervisor
    configuration = _write_configuration(settings, parts)
    started = subprocess.run(
        [*module_of("native", "supervisor.supervisord"), "--configuration", str(configuration)],
        check=False,
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env=_environment(settings),
    )
    if started.returncode:
        said = (started.stderr or started.stdout).strip() or f"it ended with code {started.returncode}"
        raise SupervisorError(f"supervisord did not start: {said}\n  its log: {log_dir(settings) / 'supervisord.log'}")
    _wait_for(supervisor)
    return supervisor


@retry(stop=stop_after_delay(20), wait=wait_fixed(0.1), retry=retry_if_exception_type(SupervisorError), reraise=True)
def _wait_for(supervisor: Supervisor) -> None:
    supervisor.states()


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of every part: settings come from the file alone, which later commands can change."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {
        **kept,
        "ENV_FILE": str(env_file()),
        "PYTHONPATH": str(REPOSITORY / "plugins"),
        "PYTHONUNBUFFERED": "1",
        # Java reads the names of files by the locale, and in one without letters fails in a folder that has some.
        "LC_ALL": "C.UTF-8",
        DEPLOYMENT: str(settings.state_dir),
    }


def _write_configuration(settings: Settings, parts: Iterable[Part]) -> Path:
    common = {"RUN_DIR": run_dir(settings), "LOG_DIR": log_dir(settings)}
    configuration = render(TEMPLATES / "supervisord.conf", run_dir(settings) / "supervisord.conf", common)
    programs = []
    for part in parts:
        values = {
            **common,
            "NAME": part.name,
            "PYTHON": python_of("native"),
            "STOP_SIGNAL": part.stop_signal,
            "STOP_GROUP": str(part.stop_group).lower(),
        }
        programs.append(render(TEMPLATES / "program.conf", run_dir(settings) / f"{part.name}.conf", values).name)
    with configuration.open("a", encoding="utf-8") as file:
        file.write(f"\n[include]\nfiles = {' '.join(programs)}\n")
    return configuration
