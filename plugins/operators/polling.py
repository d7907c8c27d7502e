"""Waiting in the triggerer: ask again and again until there is an answer or time is up."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class PollingTrigger(BaseTrigger):
    """Fires with the first answer of :meth:`poll`, or with None when the time is up.

    Args:
        until: end of the waiting, ISO 8601 with an offset. A moment and not a duration: a triggerer that takes over
            from another one must not begin the wait again.
        poll_seconds: time between two polls.
    """

    def __init__(self, *, until: str, poll_seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow's constructor has no annotations.
        self.until = until
        self.poll_seconds = poll_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what another triggerer needs to go on waiting."""
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, {"until": self.until, "poll_seconds": self.poll_seconds, **self.arguments()}

    def arguments(self) -> dict[str, Any]:
        """Return the constructor's arguments beyond those of this class."""
        return {}

    @abstractmethod
    async def poll(self) -> dict[str, Any] | None:
        """Return the answer, or None to go on waiting. What blocks belongs in a thread."""

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Poll until there is an answer or the time is up."""
        until = datetime.fromisoformat(self.until)
        answer = await self.poll()
        while answer is None and datetime.now(UTC) < until:
            await asyncio.sleep(self.poll_seconds)
            answer = await self.poll()
        yield TriggerEvent(answer)
