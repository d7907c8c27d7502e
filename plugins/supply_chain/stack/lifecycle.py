"""Start and stop the native stack: parts in the order of what they need, each ready before the next."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from supply_chain.paths import log_dir, make_folders
from supply_chain.servers.databases import data_dir
from supply_chain.servers.parts import PARTS
from supply_chain.settings import SettingsError, load_settings
from supply_chain.settings_file import ensure_env_file, remember
from supply_chain.stack.ports import free_ports_of, move_ports
from supply_chain.stack.supervisord import launch
from supply_chain.supervisor import UP, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

READY_WITHIN_SECONDS = 600
"""From the moment its process began: a slow machine with a cold disk takes minutes for a first start."""


class StartError(RuntimeError):
    """A part did not become ready; the message names it, says why and where to look."""


@dataclass
class _Start:
    """One start of the whole stack."""

    settings: Settings
    supervisor: Supervisor
    on_ready: Callable[[str, float], None]
    since: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str) -> None:
        """Start a part that is not running.

        Raises:
            StartError: what comes before its start failed.
        """
        part = PARTS[name]
        if self.supervisor.states()[name]["statename"] not in UP:
            free_ports_of(self.settings, part)
            try:
                part.before(self.settings)
            except subprocess.CalledProcessError as error:
                program = " ".join(error.cmd[:4])
                raise StartError(
                    f"{name} cannot be prepared: {program} ended with code {error.returncode}; "
                    f"its log is in {log_dir(self.settings)}"
                ) from error
            self.supervisor.start(name)
        self.since[name] = time.monotonic()

    def is_ready(self, name: str) -> bool:
        """Probe a part that was begun.

        Raises:
            StartError: the supervisor gave it up, or it is not ready in time.
        """
        waited = time.monotonic() - self.since[name]
        try:
            PARTS[name].probe(self.settings)
        except Exception as reason:
            gave_up = self.supervisor.states()[name]["statename"] in {"FATAL", "EXITED"}
            if gave_up or waited > READY_WITHIN_SECONDS:
                log = log_dir(self.settings) / f"{name}.log"
                state = "does not stay up" if gave_up else f"is not ready after {waited:.0f} s ({reason})"
                raise StartError(f"{name} {state}; its log: {log}") from reason
            return False
        PARTS[name].after(self.settings)
        self.on_ready(name, waited)
        return True


def up(on_ready: Callable[[str, float], None], on_moved: Callable[[dict[str, tuple[int, int]]], None]) -> Settings:
    """Start every part that is not running, in order, and wait until all are ready.

    At the first start, default ports that another program holds are replaced by free ones.

    Args:
        on_moved: called with the ports that were replaced, of :func:`supply_chain.stack.ports.move_ports`.
        on_ready: called with a part's name and the seconds it took.

    Returns:
        The settings of the deployment, its secrets written at the first start.

    Raises:
        supply_chain.settings.SettingsError: a setting is unknown or malformed.
        PortConflictError: another program listens where a part has to.
        StartError: a part did not become ready.
    """
    ensure_env_file()
    remember()
    settings = load_settings()
    _check_slots(settings)
    if not data_dir(settings).exists() and (moved := move_ports(settings, chosen_too=False)):
        on_moved(moved)
        settings = load_settings()
    make_folders(settings)
    start = _Start(settings, launch(settings, PARTS.values()), on_ready)
    order = TopologicalSorter({part.name: part.needs for part in PARTS.values()})
    order.prepare()
    pending: set[str] = set()
    while order.is_active():
        for name in order.get_ready():
            start.begin(name)
            pending.add(name)
        ready = {name for name in pending if start.is_ready(name)}
        pending -= ready
        order.done(*ready)
        if not ready:
            time.sleep(0.2)
    return settings


def _check_slots(settings: Settings) -> None:
    """See that this stack's one TaskManager has a slot for each of the job's parallel tasks.

    Raises:
        SettingsError: it has fewer, so that the job would wait for ever.
    """
    slots = settings.flink_task_slots
    if slots and slots < settings.flink_parallelism:
        raise SettingsError(
            f"FLINK_TASK_SLOTS={slots}: the job needs {settings.flink_parallelism} (FLINK_PARALLELISM), and this "
            f"stack has one TaskManager; leave FLINK_TASK_SLOTS empty, or set FLINK_PARALLELISM={slots}"
        )


def down(settings: Settings) -> bool:
    """Stop every part, those that need others first, and end the supervisor.

    Returns:
        Whether anything was running.
    """
    supervisor = Supervisor(settings)
    if not supervisor.is_running():
        return False
    order = TopologicalSorter({part.name: part.needs for part in PARTS.values()})
    for name in reversed(list(order.static_order())):
        supervisor.stop(name)
    supervisor.shut_down()
    return True


def reset(settings: Settings) -> None:
    """Stop the stack and delete its state: databases, topics, checkpoints, logs. The settings file stays."""
    down(settings)
    # What a link stands for, where the folder is used by one.
    shutil.rmtree(settings.state_dir.resolve(), ignore_errors=True)
