"""The topic of order lines as the benchmarks read and fill it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from confluent_kafka import Consumer, TopicPartition

from supply_chain.kafka.topics import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Message

    from supply_chain.settings import Settings


def length(settings: Settings) -> int:
    """Return how many messages the topic has."""
    with closing(_consumer(settings)) as consumer:
        return sum(_ends(consumer).values())


def messages(settings: Settings) -> Iterator[Message]:
    """Yield every message of the topic."""
    with closing(_consumer(settings)) as consumer:
        ends = _ends(consumer)
        consumer.assign([TopicPartition(ORDERS, each, 0) for each in ends])
        left = sum(ends.values())
        while left > 0:
            for message in consumer.consume(min(left, 10_000), timeout=5):
                assert message.error() is None
                left -= 1
                yield message


def first_and_last_time(settings: Settings) -> tuple[int, float, float]:
    """Return how many messages there are, and when the first and the last were produced (epoch seconds)."""
    times = [message.timestamp()[1] / 1000 for message in messages(settings)]
    return len(times), min(times), max(times)


def _consumer(settings: Settings) -> Consumer:
    return Consumer({"bootstrap.servers": settings.kafka_bootstrap_servers, "group.id": "bench"})


def _ends(consumer: Consumer) -> dict[int, int]:
    partitions = consumer.list_topics(ORDERS, timeout=10).topics[ORDERS].partitions
    return {each: consumer.get_watermark_offsets(TopicPartition(ORDERS, each), timeout=10)[1] for each in partitions}
