"""Whether every part works, since when, and what to do where it does not."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supply_chain.paths import log_dir
from supply_chain.servers.parts import PARTS
from supply_chain.supervisor import Supervisor

if TYPE_CHECKING:
    from supply_chain.settings import Settings


BLOCK_BYTES = 512
"""Unit of ``st_blocks``, whatever the file system's own blocks are."""


@dataclass(frozen=True)
class PartHealth:
    """The health of one part.

    Attributes:
        name: the part.
        healthy: whether it is up and answers.
        state: what the supervisor says, e.g. ``RUNNING``.
        seconds: for how long it has been in that state.
        remedy: what is wrong and what to do; empty where it is healthy.
        page: address of its page for people; empty where it has none.
        disk_bytes: what its data takes on disk; None where it has no data of its own.
    """

    name: str
    healthy: bool
    state: str
    seconds: float
    remedy: str
    page: str = ""
    disk_bytes: int | None = None


def examine(settings: Settings) -> list[PartHealth]:
    """Ask the supervisor and every part itself."""
    supervisor = Supervisor(settings)
    if not supervisor.is_running():
        return [PartHealth(name, False, "STOPPED", 0, "the stack is down; start it with `make up`") for name in PARTS]
    states = supervisor.states()
    return [replace(_examine(settings, name, states[name]), **_extent(settings, name)) for name in PARTS]


def disk_bytes(folder: Path) -> int:
    """Return what a folder takes on disk; files that vanish meanwhile count as nothing."""
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            with contextlib.suppress(FileNotFoundError):
                total += (Path(parent) / name).lstat().st_blocks * BLOCK_BYTES
    return total


def _extent(settings: Settings, name: str) -> dict[str, Any]:
    part = PARTS[name]
    return {
        "page": part.page(settings) if part.page else "",
        "disk_bytes": disk_bytes(settings.state_dir / part.folder) if part.folder else None,
    }


def _examine(settings: Settings, name: str, info: dict[str, object]) -> PartHealth:
    state = str(info["statename"])
    changed = float(str(info["start" if state in {"STARTING", "RUNNING"} else "stop"]))
    seconds = max(0.0, time.time() - changed) if changed else 0.0
    log = log_dir(settings) / f"{name}.log"
    if state == "BACKOFF":
        return PartHealth(name, False, state, seconds, f"it ended as soon as it was started and is tried again; {log}")
    if state not in {"STARTING", "RUNNING"}:
        return PartHealth(name, False, state, seconds, f"start it with `make up`; why it is down: {log}")
    try:
        PARTS[name].probe(settings)
    except Exception as reason:
        first_line = (str(reason).strip() or type(reason).__name__).splitlines()[0]
        return PartHealth(name, False, state, seconds, f"{first_line}; its log: {log}")
    return PartHealth(name, True, state, seconds, "")
