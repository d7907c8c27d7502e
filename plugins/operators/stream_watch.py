"""Watching the stream without a worker: in the triggerer, until something has to be done or an hour has passed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from asgiref.sync import sync_to_async

from operators.polling import PollingTrigger
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.sdk import Context

    from supply_chain.stream.watch import StreamWatch


class StreamWatchTrigger(PollingTrigger):
    """Answers with the reason why the DAG's next run should begin now.

    Reasons are: a run waits in the queue (somebody triggered one), the stream was told something else, another source
    was seeded, or a part is down.

    Args:
        dag_id: the DAG whose queue counts.
        orders: fingerprint of what the stream was told when the watch began.
        settled: moment from which a part that is down is a reason; before it, what was just repaired may still start.
        waiting: see :class:`PollingTrigger`.
    """

    def __init__(self, *, dag_id: str, orders: list[str | None], settled: str, **waiting: Any) -> None:
        super().__init__(**waiting)
        self.dag_id = dag_id
        self.orders = orders
        self.settled = settled

    def arguments(self) -> dict[str, Any]:
        """Return what the watch compares with."""
        return {"dag_id": self.dag_id, "orders": self.orders, "settled": self.settled}

    async def poll(self) -> dict[str, Any] | None:
        """Return the reason to begin the next run, if there is one."""
        queued = await sync_to_async(RuntimeTaskInstance.get_dr_count)(dag_id=self.dag_id, states=["queued"])
        reason = "a run waits in the queue" if queued else await asyncio.to_thread(self._watch.look)
        return {"reason": reason} if reason else None

    @cached_property
    def _watch(self) -> StreamWatch:
        from supply_chain.stream.watch import StreamWatch

        return StreamWatch(load_settings(), orders=self.orders, settled=datetime.fromisoformat(self.settled))


class WatchStreamOperator(BaseOperator):
    """Watch the stream until the DAG's next run should begin, an hour at most.

    Args:
        duration: how long to watch where nothing happens.
        settling: how long a part that was just repaired may take before it counts as down again. It also keeps runs
            that cannot repair what they find from following each other at once.
        poll_interval: time between two looks.
    """

    def __init__(
        self,
        *,
        duration: timedelta = timedelta(hours=1),
        settling: timedelta = timedelta(seconds=10),
        poll_interval: timedelta = timedelta(seconds=3),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.duration = duration
        self.settling = settling
        self.poll_interval = poll_interval

    def execute(self, context: Context) -> None:
        """Hand the watch to the triggerer."""
        from supply_chain.stream.observation import StreamObserver

        observation = StreamObserver(load_settings()).glance()
        now = datetime.now(UTC)
        self.defer(
            trigger=StreamWatchTrigger(
                dag_id=self.dag_id,
                orders=observation.orders,
                settled=(now + self.settling).isoformat(),
                until=(now + self.duration).isoformat(),
                poll_seconds=self.poll_interval.total_seconds(),
            ),
            method_name="end",
        )

    def end(self, context: Context, event: dict[str, str] | None) -> str:
        """Say why the watch ended."""
        reason = event["reason"] if event else f"nothing happened in {self.duration}"
        self.log.info("The watch ends: %s", reason)
        return reason
