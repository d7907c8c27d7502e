"""The days of the data that are complete, announced in the topic ``orders.days``.

A message is ``{"complete_day": "2018-01-12"}``: every order of that day and of the days before it is in the tables. A
reader of the topic looks into the tables and decides by them, so that a message that comes twice, or that is wrong,
does no harm.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, cast

from confluent_kafka import KafkaException, Producer

from supply_chain.database import statement
from supply_chain.kafka.clients import connection
from supply_chain.kafka.reader import bounds, read, reader
from supply_chain.kafka.topics import DAYS, DAYS_GROUP

if TYPE_CHECKING:
    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings

TIMEOUT_SECONDS = 10.0
"""How long a broker may take to answer, or to acknowledge a message."""

COMPLETE_DAY = "complete_day"
"""Field of a message: ISO date."""


class DayAnnouncer:
    """Announces each day that it is told of once.

    It remembers nothing that the topic does not hold: one that starts anew reads the topic's last message, so that a
    kill at any moment costs at most a message that comes twice.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._announced: date | None = None
        self._has_looked = False

    def announce(self, day: date) -> bool:
        """Announce the newest complete day, unless the topic's last message does.

        Args:
            day: of :func:`newest_complete_day`.

        Returns:
            Whether it was announced now.

        Raises:
            confluent_kafka.KafkaException: the topic is missing, or the broker does not answer.
            TimeoutError: the broker does not send the topic's last message.
        """
        if not self._has_looked:
            self._announced = last_announced(self._settings)
            self._has_looked = True
        # Not only a later day: after a message with a wrong date in the future the calendar goes on from the right one.
        if day == self._announced:
            return False
        self._send(day)
        self._announced = day
        return True

    def _send(self, day: date) -> None:
        failures: list[KafkaException] = []
        # A producer of its own for each message: one is sent in a minute, and a waiting client costs more than that.
        producer = Producer({
            **connection(self._settings),
            "enable.idempotence": True,
            "message.timeout.ms": int(TIMEOUT_SECONDS * 1000),
        })  # fmt: skip

        def note(error: object, _: object) -> None:
            if error is not None:
                failures.append(KafkaException(error))

        producer.produce(DAYS, json.dumps({COMPLETE_DAY: day.isoformat()}).encode(), on_delivery=note)
        producer.flush(2 * TIMEOUT_SECONDS)
        if failures:
            raise failures[0]


def newest_complete_day(cursor: cursor) -> date | None:
    """Return the newest day whose orders are all in the tables, or None where there is none yet.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    cursor.execute(statement("forecast_runs/extent"))
    *_, complete_until = cursor.fetchone() or (None,)
    cursor.execute(statement("forecast_runs/complete_day"), {"complete_until": complete_until})
    return cast("tuple[date | None]", cursor.fetchone())[0]


def last_announced(settings: Settings) -> date | None:
    """Return the day of the topic's last message, or None where it is empty or the message is none of ours.

    Raises:
        confluent_kafka.KafkaException: the topic is missing, or the broker does not answer.
        TimeoutError: the broker does not send the message.
    """
    consumer = reader(settings, f"{DAYS_GROUP}-look")
    try:
        first, end = bounds(consumer, DAYS, 0)
        last = {0: max(first, end - 1)}
        message = next(read(consumer, DAYS, last, {0: end}), None)
    finally:
        consumer.close()
    return parse(message.value()) if message else None


def parse(value: bytes | str | None) -> date | None:
    """Return the day that a message names, or None where it names none."""
    try:
        return date.fromisoformat(json.loads(value or b"")[COMPLETE_DAY])
    except (ValueError, KeyError, TypeError):
        return None
