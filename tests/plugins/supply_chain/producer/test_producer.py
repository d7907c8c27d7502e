"""The producer on a real broker and a real database: every order line in the topic once, whatever happens to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from supply_chain.database import Role, connect
from supply_chain.kafka.topics import HEADER_POSITION, HEADER_SOURCE, ORDERS
from supply_chain.producer.replay import OrderProducer
from supply_chain.producer.topic import partition_of
from supply_chain.settings import REPOSITORY
from supply_chain.stream import control
from supply_chain.stream.control import DesiredState
from supply_chain.stream.kafka_topics import StreamTopics
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration

NO_HISTORY = date(2000, 1, 1)
ONLY_HISTORY = date(2040, 1, 1)


class Sent(NamedTuple):
    partition: int
    key: str
    event: dict
    source: str
    position: int


def tell(settings: Settings, **instructions) -> None:
    control.change(settings, changed_by="test", **instructions)


def query(settings: Settings, sql: str) -> list:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(settings: Settings, sql: str) -> None:
    with closing(connect(settings, Role.PRODUCER)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)


def state(settings: Settings) -> tuple[str, int]:
    ((name, position),) = query(settings, "SELECT state, last_position FROM kafka_sent") or [("none", 0)]
    return name, position


def source_of(settings: Settings) -> tuple[str, int]:
    ((checksum, count),) = query(settings, "SELECT checksum, row_count FROM data_gen WHERE module = 'order_lines'")
    return checksum, count


def topic(settings: Settings) -> list[Sent]:
    """Everything of ours in the topic, partition by partition."""
    consumer = Consumer({"bootstrap.servers": settings.kafka_bootstrap_servers, "group.id": "test"})
    found = []
    with closing(consumer):
        for partition in consumer.list_topics(ORDERS, timeout=10).topics[ORDERS].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(ORDERS, partition), timeout=10)
            consumer.assign([TopicPartition(ORDERS, partition, low)])
            at = low
            while at < high:
                for message in consumer.consume(min(high - at, 5000), timeout=1):
                    assert message.error() is None
                    at = message.offset() + 1
                    headers = dict(message.headers() or [])
                    if HEADER_SOURCE in headers:
                        found.append(Sent(
                            partition, message.key().decode(), json.loads(message.value()),
                            headers[HEADER_SOURCE].decode(), int(headers[HEADER_POSITION]),
                        ))  # fmt: skip
    return found


def assert_every_line_is_there_once(settings: Settings) -> None:
    checksum, count = source_of(settings)
    sent = topic(settings)
    assert {each.source for each in sent} == {checksum}
    assert sorted(each.position for each in sent) == list(range(1, count + 1))


@pytest.fixture
def stream(seeded: Settings, kafka: Settings) -> Settings:
    StreamTopics(kafka).ensure()
    return seeded


@contextlib.contextmanager
def producing(settings: Settings) -> Iterator[None]:
    ending = threading.Event()
    thread = threading.Thread(target=OrderProducer(settings, ending).run)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(60)
        assert not thread.is_alive()


def run_until(settings: Settings, wanted: str) -> None:
    with producing(settings):
        eventually(30, every=0.1)(lambda: _assert_state(settings, wanted))()


def _assert_state(settings: Settings, wanted: str) -> None:
    assert state(settings)[0] == wanted


def test_every_line_is_sent_once_in_order_to_the_partition_of_its_order(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    run_until(stream, "finished")
    assert_every_line_is_there_once(stream)
    by_partition = defaultdict(list)
    for each in topic(stream):
        by_partition[each.partition].append(each.position)
        assert each.key == str(each.event["order_id"])
        assert each.partition == partition_of(each.key.encode(), stream.orders_partitions)
    assert len(by_partition) == stream.orders_partitions
    assert all(positions == sorted(positions) for positions in by_partition.values())
    assert state(stream) == ("finished", source_of(stream)[1])


def test_an_event_is_the_order_line(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    run_until(stream, "finished")
    sent = next(each for each in topic(stream) if each.position == 100)
    ((row,),) = query(stream, "SELECT to_json(order_lines) FROM order_lines WHERE position = 100")
    assert sent.event == {name: value for name, value in row.items() if name not in {"position", "location_id"}}


def test_days_can_be_the_key(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    run_until(stream.model_copy(update={"message_key": "order_day"}), "finished")
    assert_every_line_is_there_once(stream)
    assert all(each.key == each.event["order_date"][:10] for each in topic(stream))


def test_kills_neither_lose_nor_double_a_line(stream):
    _, count = source_of(stream)
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=count / 4)
    for kills in range(1, 4):
        process = subprocess.Popen(
            [sys.executable, "-m", "supply_chain.producer"],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY / "plugins")},
            stdout=subprocess.DEVNULL,
        )
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, kills * count // 5))()  # noqa: B023 - called at once
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(topic(stream)) < count
    run_until(stream, "finished")
    assert_every_line_is_there_once(stream)


def _assert_position_from(settings: Settings, position: int) -> None:
    assert state(settings)[1] >= position


@pytest.mark.parametrize(
    "lie", ["UPDATE kafka_sent SET last_position = 1", "UPDATE kafka_sent SET last_position = 1e6"]
)
def test_what_the_database_says_about_the_position_does_not_matter(stream, lie):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    run_until(stream, "finished")
    execute(stream, lie)
    run_until(stream, "finished")
    assert_every_line_is_there_once(stream)


def test_messages_of_others_do_not_hide_the_position(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    run_until(stream, "finished")
    foreign = Producer({"bootstrap.servers": stream.kafka_bootstrap_servers})
    for number in range(3000):
        foreign.produce(ORDERS, b"{}", partition=number % 2)
    assert foreign.flush(10) == 0
    execute(stream, "UPDATE kafka_sent SET state = 'unknown'")
    run_until(stream, "finished")
    assert_every_line_is_there_once(stream)


def test_pause_resume_and_another_rate(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=200)
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, 100))()
        tell(stream, desired_state=DesiredState.PAUSED)
        eventually(30, every=0.1)(lambda: _assert_state(stream, "paused"))()
        held = len(topic(stream))
        time.sleep(2)
        assert len(topic(stream)) == held
        tell(stream, desired_state=DesiredState.RUNNING, replay_rate="max")
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)


def test_stopping_ends_the_sending_until_told_otherwise(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=200)
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, 100))()
        tell(stream, desired_state=DesiredState.STOPPED)
        eventually(30, every=0.1)(lambda: _assert_state(stream, "stopped"))()
        tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)


def test_history_is_sent_at_once_and_then_the_rate_is_kept(stream):
    ((count, until),) = query(
        stream, "SELECT count(*), max(order_date)::date FROM order_lines WHERE position <= 5000 AND order_date::date <"
        " (SELECT order_date::date FROM order_lines WHERE position = 5000)",
    )  # fmt: skip
    tell(
        stream, desired_state=DesiredState.RUNNING, history_until=date.fromordinal(until.toordinal() + 1), replay_rate=5
    )
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_state(stream, "live"))()
        time.sleep(3)
        assert count < len(topic(stream)) <= count + 50


def test_a_topic_of_another_source_is_left_alone(stream):
    foreign = Producer({"bootstrap.servers": stream.kafka_bootstrap_servers})
    foreign.produce(ORDERS, b"{}", key=b"1", headers={HEADER_SOURCE: b"abc", HEADER_POSITION: b"1"})
    assert foreign.flush(10) == 0
    tell(stream, desired_state=DesiredState.RUNNING)
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_state(stream, "waiting"))()
        time.sleep(2)
    assert [each.source for each in topic(stream)] == ["abc"]


def test_a_topic_that_is_made_anew_is_filled_again(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=ONLY_HISTORY)
    admin = AdminClient({"bootstrap.servers": stream.kafka_bootstrap_servers})
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
        admin.delete_topics([ORDERS])[ORDERS].result()
        eventually(30, every=0.1)(lambda: _assert_state(stream, "waiting"))()
        StreamTopics(stream).ensure()
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)


def test_partitions_that_are_added_double_nothing(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=500)
    admin = AdminClient({"bootstrap.servers": stream.kafka_bootstrap_servers})
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, 500))()
        admin.create_partitions([NewPartitions(ORDERS, 5)])[ORDERS].result()
        tell(stream, desired_state=DesiredState.RUNNING, replay_rate="max")
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)
    assert len({each.partition for each in topic(stream)}) == 5


def test_a_second_producer_waits_for_the_first(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=500)
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, 500))()
        with producing(stream):
            tell(stream, desired_state=DesiredState.RUNNING, replay_rate="max")
            eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)


def test_nothing_is_seeded(database, kafka):
    run_until(database, "waiting")


def test_a_lost_database_connection_is_made_again(stream):
    tell(stream, desired_state=DesiredState.RUNNING, history_until=NO_HISTORY, replay_rate=500)
    with producing(stream):
        eventually(30, every=0.1)(lambda: _assert_position_from(stream, 500))()
        execute(
            stream, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'order producer'"
        )
        tell(stream, desired_state=DesiredState.RUNNING, replay_rate="max")
        eventually(30, every=0.1)(lambda: _assert_state(stream, "finished"))()
    assert_every_line_is_there_once(stream)
