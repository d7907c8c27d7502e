"""The announcement of complete days, on a real broker and a real database."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import KafkaException, Producer, TopicPartition

from supply_chain.database import DATABASE
from supply_chain.kafka.reader import reader
from supply_chain.kafka.topics import DAYS
from supply_chain.servers.databases import connect_as_superuser
from supply_chain.stream.days import DayAnnouncer, last_announced, parse
from supply_chain.stream.kafka_topics import StreamTopics
from supply_chain.stream.observation import StreamObserver

if TYPE_CHECKING:
    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration


def receive(settings: Settings, *days: str, newest: tuple[str, ...]) -> None:
    """Leave the tables as the stream does: order lines of some days, and the newest one of each partition."""
    with closing(connect_as_superuser(settings, DATABASE)) as connection, connection.cursor() as cursor:
        for day in days:
            cursor.execute(
                "INSERT INTO daily_aggregates VALUES (%s, 1, 1, 'COMPLETE', 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)", (day,)
            )
        cursor.execute("TRUNCATE recent_orders")
        for partition, moment in enumerate(newest):
            cursor.execute(
                "INSERT INTO recent_orders VALUES (%s, 1, 1, now(), 1, 1, %s, 1, 1, 1, 1, 1, 'C', 'D', 'S', 'M', 'X')",
                (partition, moment),
            )


def announce(settings: Settings, announcer: DayAnnouncer) -> date | None:
    """Look once, as the watch does; return the day if it was announced now."""
    day = StreamObserver(settings).complete_day()
    return day if day and announcer.announce(day) else None


def announced(settings: Settings) -> list[date | None]:
    consumer = reader(settings, "test")
    partition = TopicPartition(DAYS, 0, 0)
    _, end = consumer.get_watermark_offsets(partition, timeout=10)
    consumer.assign([partition])
    messages = consumer.consume(end, timeout=10) if end else []
    consumer.close()
    return [parse(message.value()) for message in messages]


@pytest.fixture
def topics(database: Settings, kafka: Settings) -> Settings:
    StreamTopics(kafka).ensure()
    return kafka


def test_a_day_is_announced_once_it_is_complete_and_once_only(topics: Settings) -> None:
    announcer = DayAnnouncer(topics)
    assert announce(topics, announcer) is None
    receive(topics, "2018-01-01", "2018-01-02", newest=("2018-01-02 09:00+00", "2018-01-01 23:00+00"))
    assert announce(topics, announcer) is None, "the partition that is behind has not come to the second day"
    receive(topics, newest=("2018-01-02 09:00+00", "2018-01-02 01:00+00"))
    assert announce(topics, announcer) == date(2018, 1, 1)
    assert announce(topics, announcer) is None
    # Another one, as after a kill, finds in the topic what was announced.
    assert announce(topics, DayAnnouncer(topics)) is None
    receive(topics, "2018-01-03", "2018-01-05", newest=("2018-01-05 09:00+00", "2018-01-05 01:00+00"))
    assert announce(topics, DayAnnouncer(topics)) == date(2018, 1, 3)
    assert announced(topics) == [date(2018, 1, 1), date(2018, 1, 3)]


def test_a_wrong_date_in_the_future_announces_no_day_that_has_no_orders(topics: Settings) -> None:
    announcer = DayAnnouncer(topics)
    receive(topics, "2018-01-01", "2018-01-02", newest=("2018-01-02 09:00+00", "2018-01-02 01:00+00"))
    assert announce(topics, announcer) == date(2018, 1, 1)
    receive(topics, "2099-12-31", newest=("2099-12-31 09:00+00", "2018-01-02 01:00+00"))
    assert announce(topics, announcer) is None
    receive(topics, newest=("2099-12-31 09:00+00", "2099-12-31 09:00+00"))
    assert announce(topics, announcer) == date(2018, 1, 2)
    receive(topics, newest=("2018-01-02 09:00+00", "2018-01-02 09:00+00"))
    assert announce(topics, announcer) == date(2018, 1, 1), "the calendar goes on from the right day"


def test_without_the_topic_nothing_counts_as_announced(topics: Settings) -> None:
    receive(topics, "2018-01-01", "2018-01-02", newest=("2018-01-02 09:00+00", "2018-01-02 01:00+00"))
    announcer = DayAnnouncer(topics)
    StreamTopics(topics).delete()
    with pytest.raises(KafkaException):
        announce(topics, announcer)
    StreamTopics(topics).ensure()
    assert announce(topics, announcer) == date(2018, 1, 1)


def test_a_message_of_somebody_else_counts_as_none(topics: Settings) -> None:
    producer = Producer({"bootstrap.servers": topics.kafka_bootstrap_servers})
    producer.produce(DAYS, b'{"complete_day": "someday"}')
    producer.flush(10)
    assert last_announced(topics) is None
    for value in (None, b"", b"\xff", b"[]", b'"x"', b"{}", b'{"complete_day": 3}'):
        assert parse(value) is None
