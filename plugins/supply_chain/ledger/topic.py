"""The topic of order lines, read from its first message to its end."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException, TopicPartition

from supply_chain.kafka.clients import reader
from supply_chain.kafka.topics import CONSUMER_GROUP, HEADER_POSITION, HEADER_SOURCE, ORDERS
from supply_chain.ledger.recount import Message
from supply_chain.ledger.report import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from confluent_kafka import Message as KafkaMessage

    from supply_chain.settings import Settings

TIMEOUT_SECONDS = 10.0
MESSAGES_READ_AT_ONCE = 10_000
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
        self._next = {partition: self._watermarks(partition)[0] for partition in topic.partitions}
        self._early: list[Message] = []
        self._assign()

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
            LedgerError: the broker does not tell.
        """
        return {partition: self._watermarks(partition)[1] for partition in self._next}

    def read_to(self, ends: Mapping[int, int]) -> Iterator[Message]:
        """Yield the messages from where it stands to an end.

        Raises:
            LedgerError: the broker does not give them.
        """
        early, self._early = self._early, []
        deadline = time.monotonic() + TIMEOUT_SECONDS
        received = early
        while True:
            for message in received:
                if message.offset < ends[message.partition]:
                    yield message
                else:
                    self._early.append(message)
            left = sum(max(0, end - self._next[partition]) for partition, end in ends.items())
            if not left:
                return
            received = self._consume(left)
            if received:
                deadline = time.monotonic() + TIMEOUT_SECONDS
            elif time.monotonic() > deadline:
                raise LedgerError(f"the topic {ORDERS} ends at {dict(ends)}, but nothing comes after {self._next}")

    def close(self) -> None:
        """End the connections."""
        self._consumer.close()
        self._stream.close()

    def _consume(self, wanted: int) -> list[Message]:
        # No more than there are, since it waits for all that it is asked for.
        received = self._consumer.consume(min(wanted, MESSAGES_READ_AT_ONCE), timeout=0.5)
        for message in received:
            if (error := message.error()) is not None:
                raise LedgerError(f"the topic {ORDERS} cannot be read: {error.str()}")
        # The position passes what is no message, such as the marks of transactions.
        for at in self._consumer.position([TopicPartition(ORDERS, partition) for partition in self._next]):
            self._next[at.partition] = max(self._next[at.partition], at.offset)
        return [_message(each) for each in received]

    def _assign(self) -> None:
        self._consumer.assign([TopicPartition(ORDERS, partition, offset) for partition, offset in self._next.items()])

    def _watermarks(self, partition: int) -> tuple[int, int]:
        try:
            answer = self._consumer.get_watermark_offsets(TopicPartition(ORDERS, partition), timeout=TIMEOUT_SECONDS)
        except KafkaException as error:
            raise LedgerError(f"{ORDERS} partition {partition}: {error}") from error
        if answer is None:
            raise LedgerError(f"{ORDERS} partition {partition}: the broker does not tell its offsets")
        return answer


def _message(received: KafkaMessage) -> Message:
    headers = dict(received.headers() or [])
    source, position = headers.get(HEADER_SOURCE), headers.get(HEADER_POSITION)
    ours = isinstance(source, bytes) and isinstance(position, bytes) and position.isdigit()
    value = received.value()
    return Message(
        received.partition() or 0,
        received.offset() or 0,
        value.encode() if isinstance(value, str) else value,
        source.decode("latin-1") if ours and isinstance(source, bytes) else None,
        int(position) if ours and isinstance(position, bytes) else None,
    )
