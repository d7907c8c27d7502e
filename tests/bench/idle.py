"""What the running platform costs while orders arrive and nobody forecasts or plans: CPU time by part."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

from supply_chain.supervisor import Supervisor

if TYPE_CHECKING:
    from supply_chain.settings import Settings

SECONDS = 600
"""Long enough to have each part's regular work in it several times."""

APPLICATIONS = {
    "airflow": ("api-server", "scheduler", "dag-processor", "triggerer"),
    "flink": ("jobmanager", "taskmanager"),
    "spark": ("spark-master", "spark-worker"),
}
"""Parts that are one application; every other part is one of its own."""


def measure(settings: Settings, seconds: float = SECONDS) -> dict[str, float]:
    """Return the share of one processor that each application takes, the largest first.

    It is CPU time and not load: other programs of the machine do not count. Processes that end meanwhile count by what
    the kernel adds to the process that waited for them.
    """
    before, started = _times(settings), time.monotonic()
    time.sleep(seconds)
    after, passed = _times(settings), time.monotonic() - started
    of_part = {part: application for application, parts in APPLICATIONS.items() for part in parts}
    shares: dict[str, float] = {}
    for part, times in after.items():
        # What ended within the window has handed all its time over, also what it had before.
        used = sum(times.values()) - sum(before.get(part, {}).values())
        application = of_part.get(part, part)
        shares[application] = shares.get(application, 0.0) + used / passed
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _times(settings: Settings) -> dict[str, dict[int, float]]:
    """Return by part and process its own seconds of CPU and those of its children that have ended."""
    found: dict[str, dict[int, float]] = {}
    for part, state in Supervisor(settings).states().items():
        root = psutil.Process(state["pid"])
        found[part] = {}
        for process in [root, *root.children(recursive=True)]:
            try:
                used = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            found[part][process.pid] = used.user + used.system + used.children_user + used.children_system
    return found
