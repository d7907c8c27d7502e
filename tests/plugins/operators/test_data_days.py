"""The triggers that follow the announced days of the data, and what their runs begin with."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from operators import data_days
from operators.data_days import FORECAST_DUE, PLAN_DUE, PlanningDueTrigger, due_day
from supply_chain import planning_due
from supply_chain.kafka.topics import DAYS
from supply_chain.planning_due import PlannedDays, Planning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from supply_chain.settings import Settings

WEEK_OLD = PlannedDays(date(2018, 1, 7), date(2018, 1, 1), date(2018, 1, 31), date(2018, 1, 1), False, False)


def fired(planning: Planning, *messages: bytes) -> list[Any]:
    async def stream() -> AsyncIterator[bytes]:
        for message in messages:
            yield message

    async def collect() -> list[Any]:
        trigger = PlanningDueTrigger(planning=planning.value, topics=[DAYS])
        return [event.payload async for event in trigger.filter_shared_stream(stream())]

    return asyncio.run(collect())


def test_a_day_by_which_a_plan_is_due_fires_and_any_other_message_does_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning_due, "read", lambda *_: WEEK_OLD)
    day = b'{"complete_day": "2018-01-07"}'
    (event,) = fired(Planning.PLAN, b"nonsense", day)
    assert event == {"complete_day": "2018-01-07", "reason": "the newest plan is that of 2018-01-01, 7 days ago"}
    assert fired(Planning.FORECAST, day) == []
    # A wrong day in a message triggers nothing: the tables decide.
    monkeypatch.setattr(planning_due, "read", lambda *_: None)
    assert fired(Planning.PLAN, b'{"complete_day": "2099-12-31"}') == []


def test_a_run_begins_where_the_data_is_and_only_while_it_is_due(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning_due, "read", lambda *_: WEEK_OLD)
    assert due_day(Planning.PLAN, "run") == date(2018, 1, 8)
    with pytest.raises(AirflowSkipException, match="The forecast is not due any more"):
        due_day(Planning.FORECAST, "run")


def test_both_assets_read_the_topic_with_one_consumer() -> None:
    assert [len(asset.watchers) for asset in (FORECAST_DUE, PLAN_DUE)] == [1, 1]
    made = [PlanningDueTrigger(planning=planning.value, topics=[DAYS]) for planning in Planning]
    assert len({trigger.shared_stream_key() for trigger in made}) == 1
    path, arguments = made[0].serialize()
    assert path == f"{data_days.__name__}.PlanningDueTrigger"
    assert PlanningDueTrigger(**arguments).serialize() == (path, arguments)
