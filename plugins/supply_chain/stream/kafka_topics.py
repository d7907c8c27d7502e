"""The topics of the stream: made as they have to be, kept so, and replaced together with their source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    OffsetSpec,
    ResourceType,
)
from tenacity import Retrying, retry, retry_if_exception, retry_if_result, stop_after_delay, wait_fixed

from supply_chain.kafka.clients import administrator
from supply_chain.kafka.reader import bounds_of_all, read, reader, source_of
from supply_chain.kafka.topics import CONSUMER_GROUP, DAYS, MAX_MESSAGE_BYTES, ORDERS, REJECTED, TOPICS

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import Any

    from supply_chain.settings import Settings

TIMEOUT_SECONDS = 15.0
"""How long a broker may take to answer."""

COORDINATOR_NOT_READY = frozenset(
    {
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.NOT_COORDINATOR,
    }
)

CONFIGURATION = {
    # Order lines stay for ever: every table can be rebuilt from them.
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "cleanup.policy": "delete",
    "max.message.bytes": str(MAX_MESSAGE_BYTES),
}
"""What every topic is configured with, whatever the broker's defaults are."""


@dataclass(frozen=True)
class Offsets:
    """How far a partition of ``orders`` reaches, and how far the Flink job has counted it."""

    end: int
    committed: int

    @property
    def lag(self) -> int:
        """Messages that the Flink job's last completed checkpoint does not cover."""
        return max(self.end - self.committed, 0)


class StreamTopics:
    """The topics of one Kafka cluster that belong to the stream: :data:`supply_chain.kafka.topics.TOPICS`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._admin = administrator(settings)

    def partitions(self) -> dict[str, int]:
        """Return the number of partitions of those topics of the stream that exist.

        Raises:
            confluent_kafka.KafkaException: no broker answers.
        """
        present = self._admin.list_topics(timeout=TIMEOUT_SECONDS).topics
        return {name: len(present[name].partitions) for name in TOPICS if name in present}

    def missing(self) -> list[str]:
        """Return the names of the topics that do not exist."""
        present = self.partitions()
        return [name for name in TOPICS if name not in present]

    def ensure(self) -> list[str]:
        """Make the topics that are missing, and give the others back the configuration that they need.

        The number of partitions of a topic that exists stays: keys would move to other partitions.

        Returns:
            What was done, a sentence each; empty where all was well.

        Raises:
            confluent_kafka.KafkaException: the cluster refuses or does not answer.
        """
        missing = self.missing()
        done = [self._create(name) for name in missing]
        self._await([])
        return done + [sentence for name in TOPICS if name not in missing for sentence in self._mend(name)]

    def recreate(self) -> list[str]:
        """Delete the topics with everything in them, and make them anew.

        Returns:
            What was done, a sentence each.

        Raises:
            confluent_kafka.KafkaException: the cluster refuses or does not answer.
        """
        deleted = self.delete()
        return [f"deleted topic {name}" for name in deleted] + self.ensure()

    def delete(self) -> list[str]:
        """Delete the topics with everything in them, and return the names of those that existed."""
        present = list(self.partitions())
        if present:
            _finish(self._admin.delete_topics(present, operation_timeout=TIMEOUT_SECONDS))
            self._await(list(TOPICS))
        return present

    def identity(self) -> str:
        """Return what tells the topics of the Flink job from earlier ones of the same names: 12 hexadecimal digits.

        A checkpoint of the Flink job holds offsets and sums of one incarnation of the topics and must never be
        restored on another.

        Raises:
            confluent_kafka.KafkaException: a topic is missing, or no broker answers.
        """
        described = _finish(self._admin.describe_topics(TopicCollection([ORDERS, REJECTED])))
        ids = "/".join(str(described[name].topic_id) for name in (ORDERS, REJECTED))
        return hashlib.sha256(ids.encode()).hexdigest()[:12]

    @retry(
        # A broker that has just started, or the first member of a group, is answered by these for a moment.
        retry=retry_if_exception(lambda error: _code(error) in COORDINATOR_NOT_READY),
        stop=stop_after_delay(15),
        wait=wait_fixed(0.3),
        reraise=True,
    )
    def offsets(self) -> dict[int, Offsets]:
        """Return end and committed offset of every partition of ``orders``; empty where the topic is missing.

        Committed offsets are those of the Flink job's last completed checkpoint.

        Raises:
            confluent_kafka.KafkaException: no broker answers.
        """
        count = self.partitions().get(ORDERS, 0)
        if not count:
            return {}
        partitions = [TopicPartition(ORDERS, number) for number in range(count)]
        # Committed offsets first, so that a message that arrives in between is lag and never the opposite.
        group = ConsumerGroupTopicPartitions(CONSUMER_GROUP, partitions)
        answer = _finish(self._admin.list_consumer_group_offsets([group]))[CONSUMER_GROUP]
        committed = {each.partition: max(each.offset, 0) for each in answer.topic_partitions}
        ends = _finish(self._admin.list_offsets({each: OffsetSpec.latest() for each in partitions}))
        return {each.partition: Offsets(ends[each].offset, committed[each.partition]) for each in partitions}

    def source(self) -> str | None:
        """Return the checksum of the source whose order lines ``orders`` holds, or None where it holds none.

        The producer lets no two sources into one topic, so the first message that names its source decides.

        Raises:
            confluent_kafka.KafkaException: no broker answers.
            TimeoutError: the broker answers but sends nothing.
        """
        consumer = reader(self._settings, "supply-chain-source")
        try:
            partitions = range(self.partitions()[ORDERS])
            messages = read(consumer, ORDERS, *bounds_of_all(consumer, ORDERS, partitions))
            return next(filter(None, map(source_of, messages)), None)
        finally:
            consumer.close()

    def _await(self, missing: list[str]) -> None:
        """Wait until the broker that is asked has heard of what the cluster has decided."""
        retrying = Retrying(
            retry=retry_if_result(lambda answer: answer != missing), stop=stop_after_delay(30), wait=wait_fixed(0.2)
        )
        retrying(self.missing)

    @retry(
        # A topic of the same name may still be on its way out.
        retry=retry_if_exception(lambda error: _code(error) == KafkaError.TOPIC_ALREADY_EXISTS),
        stop=stop_after_delay(30),
        wait=wait_fixed(0.5),
        reraise=True,
    )
    def _create(self, name: str) -> str:
        """Make a topic with as many copies as the cluster's default says."""
        # The days stay in their order only within one partition.
        partitions = 1 if name == DAYS else self._settings.orders_partitions
        topic = NewTopic(name, num_partitions=partitions, config=CONFIGURATION)
        _finish(self._admin.create_topics([topic], operation_timeout=TIMEOUT_SECONDS))
        return f"made topic {name}, partitions: {partitions}"

    def _mend(self, name: str) -> list[str]:
        """Give a topic back what it should be configured with."""
        resource = ConfigResource(ResourceType.TOPIC, name)
        present = _finish(self._admin.describe_configs([resource]))[resource]
        wrong = {key: value for key, value in CONFIGURATION.items() if present[key].value != value}
        if wrong:
            entries = [
                ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in wrong.items()
            ]
            change = ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries)
            _finish(self._admin.incremental_alter_configs([change]))
        return [f"set {key}={value} of topic {name} (was {present[key].value})" for key, value in wrong.items()]


def _finish(answers: dict[Any, Future[Any]]) -> dict[Any, Any]:
    """Wait for what the cluster answers to one request."""
    return {key: answer.result(TIMEOUT_SECONDS) for key, answer in answers.items()}


def _code(error: BaseException) -> int | None:
    return error.args[0].code() if isinstance(error, KafkaException) else None
