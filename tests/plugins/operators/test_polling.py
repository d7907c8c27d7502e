"""Waiting in the triggerer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from operators.flink_job import FlinkJobStartTrigger
from operators.polling import PollingTrigger
from operators.stream_drain import StreamDrainTrigger
from operators.stream_watch import StreamWatchTrigger


class CountingTrigger(PollingTrigger):
    """Answers at the third look."""

    looks = 0

    async def poll(self) -> dict[str, Any] | None:
        self.looks += 1
        return {"looks": self.looks} if self.looks == 3 else None


def fire(trigger: PollingTrigger) -> Any:
    async def first() -> Any:
        async for event in trigger.run():
            return event.payload
        raise AssertionError("the trigger ended without an event")

    return asyncio.run(first())


def in_seconds(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def test_fires_with_the_first_answer() -> None:
    assert fire(CountingTrigger(until=in_seconds(60), poll_seconds=0.01)) == {"looks": 3}


def test_fires_without_an_answer_when_the_time_is_up() -> None:
    trigger = CountingTrigger(until=in_seconds(-1), poll_seconds=0.01)
    assert fire(trigger) is None
    assert trigger.looks == 1


def test_every_trigger_survives_a_change_of_triggerer() -> None:
    """The triggerer makes it anew from what it serialises to: its path and its arguments."""
    from airflow.sdk.module_loading import import_string

    waiting = {"until": in_seconds(60), "poll_seconds": 3.0}
    triggers = [
        FlinkJobStartTrigger(job_id="0f", **waiting),
        StreamDrainTrigger(**waiting),
        StreamWatchTrigger(dag_id="order_stream", orders=["a", None], settled=in_seconds(10), **waiting),
    ]
    for trigger in triggers:
        path, arguments = trigger.serialize()
        again = import_string(path)(**arguments)
        assert type(again) is type(trigger)
        assert again.serialize() == (path, arguments)
        assert waiting.items() <= arguments.items()
