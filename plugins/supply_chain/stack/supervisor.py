"""The supervisor of the native stack: supervisord, its configuration, and a client of its socket."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING, Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from supply_chain.paths import log_dir, module_of, python_of, run_dir, supervisor_socket
from supply_chain.servers.render import render
from supply_chain.settings import REPOSITORY, Settings, env_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from supply_chain.servers.parts import Part

TEMPLATES = REPOSITORY / "docker" / "native"
DEPLOYMENT = "SUPPLY_CHAIN_DEPLOYMENT"
"""Environment variable that marks every process of a deployment with its state directory."""


class SupervisorError(RuntimeError):
    """The supervisor cannot do what it has to; the message says why."""


class Supervisor:
    """A client of the deployment's supervisord."""

    def __init__(self, settings: Settings) -> None:
        self._socket = supervisor_socket(settings)

    @property
    def _rpc(self) -> Any:
        # A new one for each call: the transport keeps a connection that failed. The address itself is never resolved.
        transport = SupervisorTransport(serverurl=f"unix://{self._socket}")
        return ServerProxy("http://localhost", transport=transport).supervisor

    def is_running(self) -> bool:
        """Say whether supervisord answers."""
        try:
            self._rpc.getState()
        except OSError:
            return False
        return True

    def states(self) -> dict[str, dict[str, Any]]:
        """Return what supervisord knows of each part: ``statename``, ``start`` (epoch seconds), ``pid``..., by name."""
        return {info["name"]: info for info in self._rpc.getAllProcessInfo()}

    def start(self, name: str) -> None:
        """Start a part, unless it is up.

        Raises:
            SupervisorError: it cannot be started.
        """
        try:
            self._rpc.startProcess(name, False)
        except Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise SupervisorError(f"the supervisor cannot start {name}: {fault.faultString}") from fault

    def stop(self, name: str) -> None:
        """Stop a part, and wait until it has ended.

        Raises:
            SupervisorError: it cannot be stopped.
        """
        try:
            self._rpc.stopProcess(name, True)
        except Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise SupervisorError(f"the supervisor cannot stop {name}: {fault.faultString}") from fault

    def shut_down(self) -> None:
        """End supervisord, and wait until its socket is gone.

        Raises:
            SupervisorError: it does not end.
        """
        self._rpc.shutdown()
        deadline = time.monotonic() + 60
        while self._socket.exists():
            if time.monotonic() > deadline:
                raise SupervisorError(f"supervisord does not end; see {self._socket.parent}")
            time.sleep(0.1)


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


@retry(stop=stop_after_delay(20), wait=wait_fixed(0.1), retry=retry_if_exception_type(OSError), reraise=True)
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
