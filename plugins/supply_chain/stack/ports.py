"""Who holds the ports that a part needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psutil

from supply_chain.stack.supervisor import DEPLOYMENT

if TYPE_CHECKING:
    from supply_chain.settings import Settings
    from supply_chain.stack.parts import Part


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
        for holder in _listening_on(port):
            if holder is not None and _belongs_to(settings, holder):
                holder.terminate()
                holder.wait(30)
                continue
            who = f"{holder.name()} (pid {holder.pid})" if holder else "a program of another user"
            raise PortConflictError(
                f"{part.name} needs port {port}, which {who} holds: "
                f"stop it, or choose another port, e.g. {setting.upper()}={port + 1} make up"
            )


def _listening_on(port: int) -> list[psutil.Process | None]:
    sockets = [each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    pids = {each.pid for each in sockets if each.laddr and each.laddr.port == port}
    return [psutil.Process(pid) if pid else None for pid in pids]


def _belongs_to(settings: Settings, process: psutil.Process) -> bool:
    try:
        return bool(process.environ().get(DEPLOYMENT) == str(settings.state_dir))
    except psutil.AccessDenied:
        return False
