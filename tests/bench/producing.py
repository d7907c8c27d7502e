"""The order producer at `max`, beside a loop that sends the same messages and waits for nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

from supply_chain.database import Role, connect
from supply_chain.stream import control
from supply_chain.stream.control import DesiredState
from supply_chain.stream.kafka_topics import StreamTopics
from tests.bench.figure import Figure
from tests.bench.topic import first_and_last_time, messages
from tests.servers import environment

if TYPE_CHECKING:
    from supply_chain.settings import Settings

LEAN_TOPIC = "lean"
LEAN_LINES = 500_000
"""As many as fit in memory and in the client's buffer."""


def measure(settings: Settings) -> Figure:
    """Send the whole source, and take the time between the first message and the last as the broker has them."""
    StreamTopics(settings).ensure()
    control.change(settings, desired_state=DesiredState.RUNNING, replay_rate="max", changed_by="bench")
    process = subprocess.Popen(
        [sys.executable, "-m", "supply_chain.producer"],
        env=environment(settings),
        stdout=subprocess.DEVNULL,
    )
    while _state(settings) != "finished":
        time.sleep(0.2)
    process.terminate()
    process.wait()
    lines, first, last = first_and_last_time(settings)
    return Figure(
        "producer: PostgreSQL to acknowledged by Kafka",
        lines,
        last - first,
        "send the same messages from memory",
        _lean_rate(settings),
    )


def _state(settings: Settings) -> str | None:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT state FROM kafka_sent")
        row = cursor.fetchone()
    return row[0] if row else None


def _lean_rate(settings: Settings) -> float:
    admin = AdminClient({"bootstrap.servers": settings.kafka_bootstrap_servers})
    admin.create_topics([NewTopic(LEAN_TOPIC, settings.orders_partitions)])[LEAN_TOPIC].result()
    lines = [(message.key(), message.value()) for message in islice(messages(settings), LEAN_LINES)]
    producer = Producer({
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "compression.type": "lz4",
        "linger.ms": 20,
        "queue.buffering.max.messages": len(lines),
    })  # fmt: skip
    started = time.perf_counter()
    for key, value in lines:
        producer.produce(LEAN_TOPIC, value, key)
    producer.flush()
    seconds = time.perf_counter() - started
    admin.delete_topics([LEAN_TOPIC])[LEAN_TOPIC].result()
    return len(lines) / seconds
