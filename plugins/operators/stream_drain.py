"""Waiting until the stream has counted what was sent, before its job is stopped."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from operators.polling import PollingTrigger
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.sdk import Context

    from supply_chain.stream.observation import StreamObserver


class StreamDrainTrigger(PollingTrigger):
    """Answers once the producer sends nothing and a checkpoint covers all that it sent."""

    async def poll(self) -> dict[str, Any] | None:
        """Return an answer once the stream is drained."""
        observation = await asyncio.to_thread(self._observer.observe)
        stands_still = observation.job is None or observation.job.ended
        return {"drained": True} if observation.is_drained or stands_still else None

    @cached_property
    def _observer(self) -> StreamObserver:
        from supply_chain.stream.observation import StreamObserver

        return StreamObserver(load_settings())


class DrainStreamOperator(BaseOperator):
    """Wait in the triggerer until everything that was sent is counted, or until the time is up.

    What is not counted by then is not lost: the savepoint holds where to go on.

    Args:
        limit_seconds: how long to wait; a template.
    """

    template_fields = ("limit_seconds",)

    def __init__(self, *, limit_seconds: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit_seconds = limit_seconds

    def execute(self, context: Context) -> None:
        """Hand the wait to the triggerer."""
        until = datetime.now(UTC) + timedelta(seconds=float(self.limit_seconds))
        self.defer(trigger=StreamDrainTrigger(until=until.isoformat(), poll_seconds=2), method_name="end")

    def end(self, context: Context, event: dict[str, bool] | None) -> bool:
        """Say whether everything is counted."""
        if event is None:
            self.log.warning(
                "After %s s, some messages are not counted; the stream counts them after the next start.",
                self.limit_seconds,
            )
        else:
            self.log.info("Everything that was sent is counted.")
        return event is not None
