"""Order lines on their way to the broker: sent, acknowledged, or failed."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from confluent_kafka import KafkaException, Producer

from supply_chain.kafka.clients import connection
from supply_chain.kafka.topics import HEADER_POSITION, HEADER_SOURCE, MAX_MESSAGE_BYTES, ORDERS

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message

    from supply_chain.settings import Settings

DELIVERY_TIMEOUT_SECONDS = 60
"""After this long a line counts as not delivered."""


class Sender:
    """Sends order lines of one source in the order of their positions.

    Args:
        settings: where the broker is.
        source: checksum of the source.
        complete_up_to: position up to which every line is in the topic already.
    """

    def __init__(self, settings: Settings, source: str, complete_up_to: int) -> None:
        self._producer = Producer({
            **connection(settings),
            "enable.idempotence": True,
            "acks": "all",
            "compression.type": "lz4",
            "linger.ms": 20,
            "batch.num.messages": 10_000,
            "queue.buffering.max.messages": 200_000,
            "message.max.bytes": MAX_MESSAGE_BYTES,
            "delivery.timeout.ms": DELIVERY_TIMEOUT_SECONDS * 1000,
            "log_level": 3,
        })  # fmt: skip
        self._source = source.encode("ascii")
        self._unacknowledged: dict[int, deque[int]] = {}
        self._highest = complete_up_to
        self._failure: KafkaError | None = None
        self.acknowledged = 0

    @property
    def complete_up_to(self) -> int:
        """The position up to which the broker has acknowledged every line."""
        open_positions = [positions[0] for positions in self._unacknowledged.values() if positions]
        return min(open_positions) - 1 if open_positions else self._highest

    def send(self, partition: int, key: bytes, value: bytes, position: int) -> None:
        """Hand a line to the producer; waits while its queue is full.

        Raises:
            confluent_kafka.KafkaException: a line before it was not delivered.
        """
        headers: list[tuple[str, str | bytes | None]] = [
            (HEADER_SOURCE, self._source),
            (HEADER_POSITION, b"%d" % position),
        ]
        while True:
            try:
                self._producer.produce(ORDERS, value, key, partition, self._delivered, headers=headers)
                break
            except BufferError:
                self.poll(0.1)
        self._unacknowledged.setdefault(partition, deque()).append(position)
        self._highest = position

    def skip(self, position: int) -> None:
        """Note that a line is in the topic already."""
        self._highest = position

    def poll(self, seconds: float = 0) -> None:
        """Take acknowledgements.

        Raises:
            confluent_kafka.KafkaException: a line was not delivered.
        """
        self._producer.poll(seconds)
        if self._failure is not None:
            raise KafkaException(self._failure)

    def flush(self) -> None:
        """Wait until every line is acknowledged.

        Raises:
            confluent_kafka.KafkaException: a line was not delivered.
            TimeoutError: the broker does not acknowledge.
        """
        left = self._producer.flush(DELIVERY_TIMEOUT_SECONDS + 5)
        if self._failure is not None:
            raise KafkaException(self._failure)
        if left:
            raise TimeoutError(f"{left:,} order lines are not acknowledged after {DELIVERY_TIMEOUT_SECONDS} s")

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failure = self._failure or error
            return
        self._unacknowledged[message.partition() or 0].popleft()
        self.acknowledged += 1
