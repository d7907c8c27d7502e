"""What the topic holds of a source: the only truth about where the replay stands."""

from __future__ import annotations

import uuid
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from confluent_kafka import KafkaError, KafkaException, TopicCollection

from supply_chain.kafka.clients import administrator
from supply_chain.kafka.reader import TIMEOUT_SECONDS, bounds, bounds_of_all, read, reader, source_and_position
from supply_chain.kafka.topics import ORDERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from confluent_kafka import Consumer, Message

    from supply_chain.settings import Settings

FIRST_WINDOW = 1_000
"""Messages at the end of a partition that are read first; ten times as many if none of them is of the source."""


class ForeignSourceError(RuntimeError):
    """The topic holds order lines of another source than the one that is published."""


@dataclass(frozen=True)
class TopicState:
    """The topic as the broker knows it: its id, which a topic made anew does not share, and its partitions."""

    topic_id: str
    partitions: int


@dataclass(frozen=True)
class Progress:
    """Which order lines of a source are in the topic.

    Attributes:
        last: the highest position in each partition, 0 where there is none; all below it are there too.
        scattered: positions that are there beyond that rule, where the topic was made anew or repartitioned meanwhile.
    """

    last: dict[int, int]
    scattered: frozenset[int] = field(default_factory=frozenset)

    @property
    def complete_up_to(self) -> int:
        """The position up to which every line is surely there."""
        return 0 if self.scattered else min(self.last.values(), default=0)

    def holds(self, partition: int, position: int) -> bool:
        """Say whether an order line is in the topic."""
        return position in self.scattered if self.scattered else position <= self.last.get(partition, 0)


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key: CRC-32 modulo partitions, as librdkafka's ``consistent`` partitioner."""
    return zlib.crc32(key) % partitions


class OrdersTopic:
    """The topic of order lines at the broker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = administrator(settings)

    def state(self) -> TopicState | None:
        """Ask the broker about the topic; None where there is none.

        Raises:
            confluent_kafka.KafkaException: the broker does not answer.
        """
        described = self._admin.describe_topics(TopicCollection([ORDERS]), request_timeout=TIMEOUT_SECONDS)
        try:
            topic = described[ORDERS].result()
        except KafkaException as error:
            if error.args[0].code() == KafkaError.UNKNOWN_TOPIC_OR_PART:
                return None
            raise
        return TopicState(str(topic.topic_id), len(topic.partitions))

    def progress(self, source: str, partitions: int) -> Progress:
        """Find out which order lines of a source are in the topic, from the ends of its partitions.

        Order lines are sent in the order of their positions, so that in each partition all lines before the last one
        are there. Where the first lines are missing or a line is not in its partition, that does not hold, and all is
        read.

        Args:
            source: checksum of the source.
            partitions: how many partitions the topic has.

        Raises:
            ForeignSourceError: the topic holds lines of another source.
            confluent_kafka.KafkaException: the broker does not answer.
            TimeoutError: it does not give what the topic holds.
        """
        consumer = reader(self._settings, f"order-producer-{uuid.uuid4()}")
        try:
            ends = [_ends_of(consumer, source, partition, partitions) for partition in range(partitions)]
            first = [end.first for end in ends if end.first]
            if all(end.in_place for end in ends) and (not first or min(first) == 1):
                return Progress({partition: end.last for partition, end in enumerate(ends)})
            return Progress({}, frozenset(_all_positions(consumer, source, partitions)))
        finally:
            consumer.close()


@dataclass(frozen=True)
class _Ends:
    """The first and the last position of a partition, 0 where it has none, and whether its lines belong there."""

    first: int = 0
    last: int = 0
    in_place: bool = True


def _ends_of(consumer: Consumer, source: str, partition: int, partitions: int) -> _Ends:
    low, high = bounds(consumer, ORDERS, partition)
    window = FIRST_WINDOW
    last = 0
    while last == 0 and high > low:
        start = max(low, high - window)
        for message in read(consumer, ORDERS, {partition: start}, {partition: high}):
            position = _position(message, source)
            if position and partition_of(_key(message), partitions) != partition:
                return _Ends(in_place=False)
            last = position or last
        if start == low:
            break
        window *= 10
    if last == 0:
        return _Ends()
    messages = read(consumer, ORDERS, {partition: low}, {partition: high})
    positions = (_position(message, source) for message in messages)
    return _Ends(next(filter(None, positions)), last)


def _all_positions(consumer: Consumer, source: str, partitions: int) -> Iterator[int]:
    for message in read(consumer, ORDERS, *bounds_of_all(consumer, ORDERS, range(partitions))):
        if position := _position(message, source):
            yield position


def _key(message: Message) -> bytes:
    key = message.key()
    return key.encode() if isinstance(key, str) else key or b""


def _position(message: Message, source: str) -> int | None:
    """Return the position of an order line, or None for a message that is none of ours.

    Raises:
        ForeignSourceError: it is an order line of another source.
    """
    named = source_and_position(message)
    if named is None:
        return None
    found, position = named
    if found != source:
        raise ForeignSourceError(
            f"the topic {ORDERS} holds order lines of the source {found[:12]}, published is {source[:12]}: "
            "run stop_order_stream, then seed_database with replace, which makes the topics anew"
        )
    return position
