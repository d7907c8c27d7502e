"""The topics of the stream, on a real broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic, ResourceType

from supply_chain.kafka.topics import DAYS, HEADER_SOURCE, ORDERS, REJECTED
from supply_chain.stream.kafka_topics import CONFIGURATION, Offsets, StreamTopics

if TYPE_CHECKING:
    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration


def configuration(settings: Settings, topic: str) -> dict[str, str]:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    (answer,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, topic)]).values()
    present = answer.result()
    return {key: present[key].value for key in CONFIGURATION}


def produce(settings: Settings, *headers: dict[str, bytes], partition: int = 0) -> None:
    producer = Producer({"bootstrap.servers": settings.kafka_bootstrap_servers})
    for each in headers:
        producer.produce(ORDERS, b"{}", partition=partition, headers=each)
    assert producer.flush(10) == 0


def test_makes_what_is_missing_once(kafka: Settings) -> None:
    topics = StreamTopics(kafka)
    assert topics.missing() == [ORDERS, REJECTED, DAYS]
    assert topics.ensure() == [
        f"made topic {ORDERS}, partitions: {kafka.orders_partitions}",
        f"made topic {REJECTED}, partitions: {kafka.orders_partitions}",
        f"made topic {DAYS}, partitions: 1",
    ]
    assert topics.partitions() == {**dict.fromkeys((ORDERS, REJECTED), kafka.orders_partitions), DAYS: 1}
    assert configuration(kafka, ORDERS) == configuration(kafka, REJECTED) == CONFIGURATION
    assert topics.ensure() == []


def test_mends_the_configuration_and_keeps_the_partitions(kafka: Settings) -> None:
    admin = AdminClient({"bootstrap.servers": kafka.kafka_bootstrap_servers})
    admin.create_topics([NewTopic(ORDERS, num_partitions=1, config={"retention.ms": "60000"})])[ORDERS].result()
    done = StreamTopics(kafka).ensure()
    assert f"set retention.ms=-1 of topic {ORDERS} (was 60000)" in done
    assert configuration(kafka, ORDERS) == CONFIGURATION
    assert StreamTopics(kafka).partitions()[ORDERS] == 1


def test_identity_is_of_one_incarnation(kafka: Settings) -> None:
    topics = StreamTopics(kafka)
    with pytest.raises(KafkaException):
        topics.identity()
    topics.ensure()
    first = topics.identity()
    assert len(first) == 12
    assert StreamTopics(kafka).identity() == first
    topics.recreate()
    assert topics.identity() != first


def test_recreating_empties(kafka: Settings) -> None:
    topics = StreamTopics(kafka)
    topics.ensure()
    produce(kafka, {HEADER_SOURCE: b"abc"}, {})
    assert topics.offsets()[0] == Offsets(end=2, committed=0)
    topics.recreate()
    assert topics.offsets() == {number: Offsets(0, 0) for number in range(kafka.orders_partitions)}


def test_offsets_without_topic(kafka: Settings) -> None:
    assert StreamTopics(kafka).offsets() == {}


def test_source_is_that_of_the_first_message_that_names_one(kafka: Settings) -> None:
    topics = StreamTopics(kafka)
    topics.ensure()
    assert topics.source() is None
    produce(kafka, {}, {"other": b"x"})
    assert topics.source() is None
    produce(kafka, {}, {HEADER_SOURCE: b"abc"}, partition=1)
    assert topics.source() == "abc"


def test_lag() -> None:
    assert Offsets(end=10, committed=4).lag == 6
    assert Offsets(end=10, committed=11).lag == 0
