"""Assets that change with the data's calendar: a day is complete, and by it a forecast or a plan is due.

Airflow's triggerer reads the topic ``orders.days`` with one consumer of the Kafka provider. The provider commits the
offset of a message only after Airflow's database holds what follows from it, so that no message is lost when the
triggerer or the broker is killed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import psycopg2
from airflow.providers.apache.kafka.triggers.shared_stream import KafkaSharedStreamTrigger
from airflow.sdk import Asset, AssetWatcher
from airflow.sdk.exceptions import AirflowSkipException
from airflow.triggers.base import TriggerEvent

from supply_chain import planning_due
from supply_chain.kafka.topics import DAYS
from supply_chain.planning_due import Planning
from supply_chain.settings import load_settings
from supply_chain.stream import days

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

RETRY_SECONDS = 5.0
"""Pause before the database is asked again, should it not answer."""


class PlanningDueTrigger(KafkaSharedStreamTrigger):
    """Fires when a further day of the data is complete and a forecast or a plan is due by it.

    Args:
        planning: what may be due, a value of :class:`supply_chain.planning_due.Planning`.
        stream: arguments of the provider's trigger.
    """

    def __init__(self, *, planning: str, **stream: Any) -> None:
        super().__init__(**stream)
        self.planning = planning

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what another triggerer needs to go on."""
        _, arguments = super().serialize()
        return f"{type(self).__module__}.{type(self).__qualname__}", {**arguments, "planning": self.planning}

    async def filter_shared_stream(self, shared_stream: AsyncIterator[Any]) -> AsyncIterator[TriggerEvent]:
        """Fire for the messages after which something is due; the others are read and left."""
        async for message in shared_stream:
            day = days.parse(message)
            reason = await self._reason() if day else None
            if day and reason:
                yield TriggerEvent({days.COMPLETE_DAY: day.isoformat(), "reason": reason})

    async def _reason(self) -> str | None:
        while True:
            try:
                return await asyncio.to_thread(self._due)
            except psycopg2.Error as error:
                # The message waits meanwhile: whether something is due, the database alone knows.
                self.log.warning("%s; asking again in %.0f s", str(error).strip(), RETRY_SECONDS)
                await asyncio.sleep(RETRY_SECONDS)

    def _due(self) -> str | None:
        settings = load_settings()
        found = planning_due.read(settings)
        return planning_due.due(settings, found).get(Planning(self.planning)) if found else None


def due_day(planning: Planning, run_id: str) -> date:
    """Return the day from which a run that the data's calendar has started forecasts or plans.

    Args:
        planning: what the run makes.
        run_id: the run.

    Raises:
        AirflowSkipException: it is not due any more, since another run has made it meanwhile.
    """
    settings = load_settings()
    found = planning_due.read(settings, run_id)
    if found is None or planning not in planning_due.due(settings, found):
        raise AirflowSkipException(f"The {planning.value} is not due any more: {found}")
    return found.present_day


def _due_asset(planning: Planning, description: str) -> Asset:
    trigger = PlanningDueTrigger(planning=planning.value, topics=[DAYS])
    return Asset(
        name=f"{planning.value}_due",
        uri=f"supply-chain://due/{planning.value}",
        group="supply_chain",
        extra={"description": description},
        watchers=[AssetWatcher(name=f"{planning.value}_due", trigger=trigger)],
    )


FORECAST_DUE = _due_asset(Planning.FORECAST, "Enough days of the data are complete to forecast demand again.")
PLAN_DUE = _due_asset(Planning.PLAN, "Enough days of the data are complete to plan again.")
