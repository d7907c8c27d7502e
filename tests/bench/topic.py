"""The topic of order lines as the benchmarks read and fill it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from supply_chain.kafka.reader import bounds_of_all, read, reader
from supply_chain.kafka.topics import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Consumer, Message

    from supply_chain.settings import Settings


def length(settings: Settings) -> int:
    """Return how many messages the topic has."""
    with closing(reader(settings, "bench")) as consumer:
        starts, ends = _bounds(consumer)
        return sum(ends.values()) - sum(starts.values())


def messages(settings: Settings) -> Iterator[Message]:
    """Yield every message of the topic."""
    with closing(reader(settings, "bench")) as consumer:
        yield from read(consumer, ORDERS, *_bounds(consumer))


def first_and_last_time(settings: Settings) -> tuple[int, float, float]:
    """Return how many messages there are, and when the first and the last were produced (epoch seconds)."""
    times = [message.timestamp()[1] / 1000 for message in messages(settings)]
    return len(times), min(times), max(times)


def _bounds(consumer: Consumer) -> tuple[dict[int, int], dict[int, int]]:
    partitions = consumer.list_topics(ORDERS, timeout=10).topics[ORDERS].partitions
    return bounds_of_all(consumer, ORDERS, partitions)
