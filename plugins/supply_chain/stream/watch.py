"""The watch of the stream between two runs of ``order_stream``.

It looks for a reason to begin the next run, keeps once a minute how the stream is, and announces days of the data that
have become complete.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg2
from confluent_kafka import KafkaException

from supply_chain.stream import health
from supply_chain.stream.days import DayAnnouncer
from supply_chain.stream.observation import StreamObserver

if TYPE_CHECKING:
    from supply_chain.settings import Settings
    from supply_chain.stream.observation import Observation

log = logging.getLogger(__name__)

RECORD_SECONDS = 60.0
"""How often is written down how the stream is."""

ANNOUNCE_SECONDS = 5.0
"""How often is looked whether a further day is complete."""


class StreamWatch:
    """One watch.

    Args:
        settings: the deployment.
        orders: fingerprint of what the stream was told when the watch began (:attr:`Observation.orders`).
        settled: moment from which a part that is down is a reason; before it, what was just repaired may still start.
    """

    def __init__(self, settings: Settings, *, orders: list[str | None], settled: datetime) -> None:
        self._settings = settings
        self._orders = orders
        self._settled = settled
        self._observer = StreamObserver(settings)
        self._announcer = DayAnnouncer(settings)
        self._announced_at = 0.0
        # The run that the watch belongs to has just recorded how the stream is.
        self._recorded_at = time.monotonic()

    def look(self) -> str | None:
        """Look once, and return the reason to begin the next run, if there is one."""
        observation = self._observer.glance()
        if "postgres" not in observation.unreachable and observation.orders != self._orders:
            return "the stream was told something else, or another source was seeded"
        down = health.critical(health.judge(observation, self._settings.checkpoint_interval_seconds))
        if observation.should_run and not down:
            self._announce()
        if down and observation.should_run and datetime.now(UTC) >= self._settled:
            self._record(observation)
            return "; ".join(str(finding) for finding in down)
        if time.monotonic() - self._recorded_at >= RECORD_SECONDS:
            self._record(self._observer.observe())
        return None

    def _announce(self) -> None:
        now = time.monotonic()
        if now - self._announced_at < ANNOUNCE_SECONDS:
            return
        self._announced_at = now
        try:
            day = self._observer.complete_day()
            is_new = day is not None and self._announcer.announce(day)
        except (psycopg2.Error, KafkaException, TimeoutError) as error:
            # The next look announces it: what the topic does not hold is not announced yet.
            log.warning("The complete day is not announced yet: %s", str(error).strip())
            return
        if is_new:
            log.info("Announced that %s is complete.", day)

    def _record(self, observation: Observation) -> None:
        self._recorded_at = time.monotonic()
        try:
            health.record(self._settings, health.report(self._settings, self._observer, observation))
        except psycopg2.Error as error:
            log.warning("How the stream is, is not kept: %s", str(error).strip())
