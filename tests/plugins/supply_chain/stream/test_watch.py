"""The watch between two runs of `order_stream`, on a real database and a real broker; there is no Flink."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from supply_chain.database import DATABASE
from supply_chain.servers.databases import connect_as_superuser
from supply_chain.stream import watch
from supply_chain.stream.days import last_announced
from supply_chain.stream.kafka_topics import StreamTopics
from supply_chain.stream.observation import StreamObserver
from supply_chain.stream.watch import StreamWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings
    from supply_chain.stream.observation import Observation

pytestmark = pytest.mark.integration


@pytest.fixture
def execute(database: Settings) -> Callable[..., list[tuple]]:
    def run(statement: str) -> list[tuple]:
        with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def streaming(database: Settings, kafka: Settings, execute: Callable[..., list[tuple]]) -> Settings:
    """A stream that was told to run, and topics for it."""
    StreamTopics(kafka).ensure()
    execute("INSERT INTO data_gen VALUES ('order_lines', 'orders.csv', 'abc', 3, 0)")
    execute("INSERT INTO stream_control VALUES (true, 'running', 5, NULL, 'test')")
    execute("INSERT INTO kafka_sent VALUES ('orders', 'abc', 3, 3, NULL, 'live', 5, now())")
    return database


def begin(settings: Settings, settled: float = 0) -> StreamWatch:
    orders = StreamObserver(settings).glance().orders
    return StreamWatch(settings, orders=orders, settled=datetime.now(UTC) + timedelta(seconds=settled))


def test_a_part_that_is_down_ends_the_watch_once_it_is_settled(
    streaming: Settings, execute: Callable[..., list[tuple]]
) -> None:
    assert begin(streaming, settled=60).look() is None
    assert execute("SELECT count(*) FROM stream_health") == [(0,)]
    reason = begin(streaming).look()
    assert reason is not None
    assert reason.startswith("CRITICAL flink: does not answer")
    # The pages say at once that the stream stands still.
    assert execute("SELECT state FROM dashboards.stream_state") == [("standing still",)]


def test_another_order_ends_the_watch(streaming: Settings, execute: Callable[..., list[tuple]]) -> None:
    watching = begin(streaming, settled=60)
    assert watching.look() is None
    execute("UPDATE stream_control SET desired_state = 'stopped', changed_at = now()")
    assert watching.look() == "the stream was told something else, or another source was seeded"


def test_a_stopped_stream_is_watched_on(streaming: Settings, execute: Callable[..., list[tuple]]) -> None:
    execute("UPDATE stream_control SET desired_state = 'stopped'")
    assert begin(streaming).look() is None


def test_health_is_kept_once_a_minute(
    streaming: Settings, execute: Callable[..., list[tuple]], monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = begin(streaming, settled=60)
    # The offsets of the consumer group are not asked for: no Flink job has ever committed any.
    monkeypatch.setattr(watching._observer, "observe", watching._observer.glance)
    for expected in (0, 0):
        watching.look()
        assert execute("SELECT count(*) FROM stream_health") == [(expected,)]
    monkeypatch.setattr(watch, "RECORD_SECONDS", 0)
    watching.look()
    assert execute("SELECT count(*) FROM stream_health") == [(1,)]


def test_a_complete_day_is_announced_while_the_stream_runs(
    streaming: Settings, execute: Callable[..., list[tuple]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2018-01-01", "2018-01-02"):
        execute(f"INSERT INTO daily_aggregates VALUES ('{day}', 1, 1, 'C', 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)")
    watching = begin(streaming, settled=60)
    watching.look()
    assert last_announced(streaming) is None, "Flink is down: the stream stands still"
    glance = watching._observer.glance

    def with_flink() -> Observation:
        return replace(glance(), unreachable={}, taskmanagers=1, job=JOB)

    from tests.plugins.supply_chain.stream.test_health import JOB

    monkeypatch.setattr(watching._observer, "glance", with_flink)
    watching.look()
    assert str(last_announced(streaming)) == "2018-01-01"
