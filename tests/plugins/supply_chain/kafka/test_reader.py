"""The reader of topics, on a real broker."""

from __future__ import annotations

import time

import pytest
from confluent_kafka import Message, Producer
from confluent_kafka.admin import NewTopic

from supply_chain.kafka import reader as module
from supply_chain.kafka.clients import administrator, connection
from supply_chain.kafka.reader import bounds_of_all, read, reader, source_and_position
from supply_chain.kafka.topics import HEADER_POSITION, HEADER_SOURCE, ORDERS
from tests.waiting import eventually

pytestmark = pytest.mark.integration

PARTITIONS = range(3)


@pytest.fixture
def consumer(kafka):
    client = administrator(kafka)
    client.create_topics([NewTopic(ORDERS, num_partitions=len(PARTITIONS))])[ORDERS].result()
    opened = reader(kafka, "test-reader")
    yield opened
    opened.close()


def produce(settings, count: int, **options: str) -> None:
    """Put messages on every partition; with a transactional id in one transaction, which leaves a mark behind them."""
    producer = Producer({**connection(settings), **{name.replace("_", "."): value for name, value in options.items()}})
    if options:
        producer.init_transactions()
        producer.begin_transaction()
    for number in range(count):
        for partition in PARTITIONS:
            producer.produce(ORDERS, str(number), partition=partition)
    if options:
        producer.commit_transaction()
    producer.flush(30)


def values(messages) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {partition: [] for partition in PARTITIONS}
    for message in messages:
        found[message.partition()].append(int(message.value()))
    return found


def test_it_reads_each_partition_in_order_to_its_end_and_goes_on_from_there(kafka, consumer):
    produce(kafka, 40)
    starts, ends = bounds_of_all(consumer, ORDERS, PARTITIONS)
    assert (starts, ends) == (dict.fromkeys(PARTITIONS, 0), dict.fromkeys(PARTITIONS, 40))
    produce(kafka, 5)
    assert values(read(consumer, ORDERS, starts, ends)) == {each: list(range(40)) for each in PARTITIONS}
    _, now = bounds_of_all(consumer, ORDERS, PARTITIONS)
    assert values(read(consumer, ORDERS, ends, now)) == {each: list(range(5)) for each in PARTITIONS}
    assert values(read(consumer, ORDERS, now, now)) == {each: [] for each in PARTITIONS}


def test_it_passes_the_marks_of_transactions(kafka, consumer):
    produce(kafka, 3, transactional_id="test-reader")

    # The broker marks the partitions after it has confirmed the transaction.
    @eventually(20)
    def marked() -> None:
        assert bounds_of_all(consumer, ORDERS, PARTITIONS)[1] == dict.fromkeys(PARTITIONS, 4)

    marked()
    assert values(read(consumer, ORDERS, *bounds_of_all(consumer, ORDERS, PARTITIONS))) == {
        each: [0, 1, 2] for each in PARTITIONS
    }


def test_it_says_where_a_topic_stops_that_should_go_on(kafka, consumer, monkeypatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 3.0)
    produce(kafka, 2)
    started = time.monotonic()
    with pytest.raises(TimeoutError, match=r"orders ends at \{0: 5\}, and no message came after \{0: 2\}"):
        list(read(consumer, ORDERS, {0: 0}, {0: 5}))
    assert time.monotonic() - started < 15


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ([(HEADER_SOURCE, b"ab12"), (HEADER_POSITION, b"7")], ("ab12", 7)),
        ([(HEADER_SOURCE, b"ab12")], None),
        ([(HEADER_POSITION, b"7")], None),
        ([(HEADER_SOURCE, b"ab12"), (HEADER_POSITION, b"seven")], None),
        ([(HEADER_SOURCE, None), (HEADER_POSITION, b"7")], None),
        (None, None),
    ],
)
def test_what_the_headers_say(headers, named):
    assert source_and_position(Message(topic=ORDERS, headers=headers)) == named
