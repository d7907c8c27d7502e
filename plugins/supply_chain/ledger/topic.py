"""The topic of order lines, read from its first message to its end."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException, TopicPartition

from supply_chain.kafka.reader import TIMEOUT_SECONDS, bounds_of_all, read, reader, source_and_position
from supply_chain.kafka.topics import CONSUMER_GROUP, ORDERS
from supply_chain.ledger.recount import Message
from supply_chain.ledger.report import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confluent_kafka import Message as KafkaMessage

    from supply_chain.settings import Settings

FETCHED_BYTES = 8 * 1024 * 1024


class OrdersLog:
    """Reads the topic once, in steps.

    Raises:
        LedgerError: there is no such topic, or the broker does not answer.
    """

    def __init__(self, settings: Settings) -> None:
        self._stream = reader(settings, CONSUMER_GROUP)
        # A group of its own that commits nothing: reading must not move the stream.
        self._consumer = reader(settings, f"ledger-{uuid.uuid4()}", fetch_message_max_bytes=FETCHED_BYTES)
        try:
            topic = self._consumer.list_topics(ORDERS, timeout=TIMEOUT_SECONDS).topics[ORDERS]
        except KafkaException as error:
            raise LedgerError(f"Kafka does not answer at {settings.kafka_bootstrap_servers}: {error}") from error
        if topic.error is not None:
            raise LedgerError(f"there is no topic {ORDERS} to check the tables against: run seed_database")
        with _told():
            self._next, _ = bounds_of_all(self._consumer, ORDERS, topic.partitions)

    def counted_up_to(self) -> dict[int, int]:
        """Return by partition the offset before which the stream has written everything to the tables.

        It commits its offsets when a checkpoint is complete, and a checkpoint is not before its sinks have written.
        """
        asked = [TopicPartition(ORDERS, partition) for partition in self._next]
        answer = self._stream.committed(asked, timeout=TIMEOUT_SECONDS)
        return {each.partition: max(each.offset, 0) for each in answer}

    def ends(self) -> dict[int, int]:
        """Return by partition the offset after the last message that is there now.

        Raises:
            LedgerError: the broker returned no offsets.
        """
        with _told():
            return bounds_of_all(self._consumer, ORDERS, self._next)[1]

    def read_to(self, ends: Mapping[int, int]) -> Iterator[Message]:
        """Yield the messages from where it stands to an end.

        Raises:
            LedgerError: the broker does not send them.
        """
        with _told():
            yield from map(_message, read(self._consumer, ORDERS, self._next, ends))
        self._next = dict(ends)

    def close(self) -> None:
        """End the connections."""
        self._consumer.close()
        self._stream.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (KafkaException, TimeoutError) as error:
        raise LedgerError(f"the topic {ORDERS} cannot be read: {error}") from error


def _message(received: KafkaMessage) -> Message:
    value = received.value()
    return Message(
        received.partition() or 0,
        received.offset() or 0,
        value.encode() if isinstance(value, str) else value,
        *(source_and_position(received) or (None, None)),
    )
