"""Who holds the ports that the parts need, and which others are free."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psutil

from supply_chain.settings import PORTS, env_file
from supply_chain.settings_file import store, stored
from supply_chain.stack.supervisord import DEPLOYMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from supply_chain.servers.parts import Part
    from supply_chain.settings import Settings

STEP = 100
"""By a multiple of this all ports move that cannot stay, by the same one: 8080 and 8088 to 8180 and 8188."""

HIGHEST = 65_535


class PortConflictError(RuntimeError):
    """Another program listens where a part of this deployment has to."""


def free_ports_of(settings: Settings, part: Part) -> None:
    """Make sure that a part which is about to start can listen on its ports.

    What an earlier supervisor of this deployment left behind is ended.

    Raises:
        PortConflictError: naming the setting, the port, the program that holds it and the remedy.
    """
    for setting in part.ports:
        port = getattr(settings, setting)
        for holder in _listening().get(port, ()):
            if holder is not None and _belongs_to(settings, holder):
                holder.terminate()
                holder.wait(30)
                continue
            who = f"{holder.name()} (pid {holder.pid})" if holder else "a program of another user"
            free = _others(settings, [setting])[setting]
            raise PortConflictError(
                f"{part.name} needs port {port}, which {who} holds: stop it, or choose another port, "
                f"e.g. {setting.upper()}={free} make up; `make ports` finds a free one for every part"
            )


def move_ports(settings: Settings, *, chosen_too: bool) -> dict[str, tuple[int, int]]:
    """Find free ports for the parts whose ports other programs hold, and remember them in the settings file.

    Those that the environment gives stay: it wins over the file.

    Args:
        settings: the deployment.
        chosen_too: whether ports that somebody wrote into the settings file move as well, or the defaults alone.

    Returns:
        The port of each setting that moved, before and now. The settings have to be loaded again.

    Raises:
        PortConflictError: no port is free.
        supply_chain.settings.SettingsError: the settings file cannot be read.
    """
    fixed = {name.lower() for name in os.environ} | (set() if chosen_too else {name.lower() for name in stored()})
    listening = _listening()
    held = [
        name for name in PORTS if name not in fixed and _is_held(settings, listening.get(getattr(settings, name), ()))
    ]
    chosen = _others(settings, held)
    store(env_file(), {name.upper(): str(port) for name, port in chosen.items()})
    return {name.upper(): (getattr(settings, name), port) for name, port in chosen.items()}


def _others(settings: Settings, names: Collection[str]) -> dict[str, int]:
    """Return free ports for some settings, that no other setting has.

    Raises:
        PortConflictError: there are none.
    """
    taken = _listening().keys() | {getattr(settings, name) for name in PORTS if name not in names}
    present = {name: getattr(settings, name) for name in names}
    for distance in range(STEP, HIGHEST, STEP):
        others = {name: port + distance for name, port in present.items()}
        if not taken & set(others.values()) and all(port <= HIGHEST for port in others.values()):
            return others
        if present and min(others.values()) > HIGHEST:
            break
    if not present:
        return {}
    raise PortConflictError(f"no free ports for {', '.join(name.upper() for name in names)}: choose some yourself")


def _listening() -> dict[int, list[psutil.Process | None]]:
    """Return the ports on which programs listen, with the programs; None is one of another user."""
    found: dict[int, set[int | None]] = {}
    for each in psutil.net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN and each.laddr:
            found.setdefault(each.laddr.port, set()).add(each.pid)
    return {port: [_process(pid) for pid in pids] for port, pids in found.items()}


def _process(pid: int | None) -> psutil.Process | None:
    try:
        return psutil.Process(pid) if pid else None
    except psutil.NoSuchProcess:
        return None


def _is_held(settings: Settings, holders: Collection[psutil.Process | None]) -> bool:
    """Say whether any of the programs that listen on a port is not this deployment's."""
    return any(holder is None or not _belongs_to(settings, holder) for holder in holders)


def _belongs_to(settings: Settings, process: psutil.Process) -> bool:
    # A process that gives itself a title writes it over its environment; the parents still have theirs.
    return any(_is_marked(settings, each) for each in (process, *_parents(process)))


def _parents(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.parents()
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return []


def _is_marked(settings: Settings, process: psutil.Process) -> bool:
    try:
        return bool(process.environ().get(DEPLOYMENT) == str(settings.state_dir))
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return False
