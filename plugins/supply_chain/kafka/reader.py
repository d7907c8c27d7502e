"""Reads a topic between two offsets, and what the headers of an order line say of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from supply_chain.kafka.clients import connection
from supply_chain.kafka.topics import HEADER_POSITION, HEADER_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from confluent_kafka import Message

    from supply_chain.settings import Settings

MESSAGES_READ_AT_ONCE = 10_000
TIMEOUT_SECONDS = 10.0


def reader(settings: Settings, group: str, **options: Any) -> Consumer:
    """Return a consumer that never commits: looking at a topic must not move anybody's place in it.

    Args:
        settings: where the brokers are.
        group: its consumer group.
        options: of librdkafka, with an underscore for each point.
    """
    named = {name.replace("_", "."): value for name, value in options.items()}
    return Consumer({**connection(settings), "group.id": group, "enable.auto.commit": False, **named})


def bounds(consumer: Consumer, topic: str, partition: int) -> tuple[int, int]:
    """Return the offset of a partition's first message, and the one after its last.

    Raises:
        confluent_kafka.KafkaException: the broker does not answer.
        TimeoutError: it returned no offsets.
    """
    found = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=TIMEOUT_SECONDS)
    if found is None:
        raise TimeoutError(f"{topic} partition {partition}: the broker returned no offsets")
    return found


def bounds_of_all(consumer: Consumer, topic: str, partitions: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return by partition the offset of the first message, and the one after the last.

    Raises:
        confluent_kafka.KafkaException: the broker does not answer.
        TimeoutError: it returned no offsets.
    """
    found = {each: bounds(consumer, topic, each) for each in partitions}
    return {each: first for each, (first, _) in found.items()}, {each: end for each, (_, end) in found.items()}


def read(consumer: Consumer, topic: str, starts: Mapping[int, int], ends: Mapping[int, int]) -> Iterator[Message]:
    """Yield the messages of partitions from one offset to another, which is not included.

    The messages of one partition come in their order.

    Args:
        consumer: of :func:`reader`; its assignment is replaced.
        topic: its name.
        starts: the first offset of each partition.
        ends: the offset at which each of them is done.

    Raises:
        confluent_kafka.KafkaException: the broker refuses, or does not answer.
        TimeoutError: it sends nothing for :data:`TIMEOUT_SECONDS`.
    """
    at = dict(starts)
    consumer.assign([TopicPartition(topic, partition, offset) for partition, offset in at.items()])
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while left := sum(max(0, ends[partition] - offset) for partition, offset in at.items()):
        # No more than there are, since it waits for all that it is asked for.
        for message in consumer.consume(min(left, MESSAGES_READ_AT_ONCE), timeout=1):
            if (error := message.error()) is not None:
                raise KafkaException(error)
            deadline = time.monotonic() + TIMEOUT_SECONDS
            if (message.offset() or 0) < ends[message.partition() or 0]:
                yield message
        # The position passes what is no message, such as the marks of transactions.
        for each in consumer.position([TopicPartition(topic, partition) for partition in at]):
            at[each.partition] = max(at[each.partition], each.offset)
        if time.monotonic() > deadline:
            raise TimeoutError(f"{topic} ends at {dict(ends)}, and no message came after {at}")


def source_of(message: Message) -> str | None:
    """Return the source that a message names in its headers, or None."""
    source = dict(message.headers() or []).get(HEADER_SOURCE)
    return source.decode("latin-1") if isinstance(source, bytes) else None


def source_and_position(message: Message) -> tuple[str, int] | None:
    """Return the source of an order line and its position there, or None if the message does not name both."""
    source, position = source_of(message), dict(message.headers() or []).get(HEADER_POSITION)
    if source is None or not isinstance(position, bytes) or not position.isdigit():
        return None
    return source, int(position)
