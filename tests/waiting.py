"""Waiting for what comes true by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenacity import retry, stop_after_delay, wait_fixed

if TYPE_CHECKING:
    from collections.abc import Callable


def eventually(seconds: float, every: float = 0.5) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Repeat what fails, for so long at most; then the last failure is raised. A server may be down meanwhile."""
    return retry(stop=stop_after_delay(seconds), wait=wait_fixed(every), reraise=True)
