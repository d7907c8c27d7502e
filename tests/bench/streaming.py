"""Kafka to PostgreSQL, all tables, beside one Python process that adds the same up in memory and copies it once."""

from __future__ import annotations

import io
import time
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING

import orjson

from supply_chain.database import Role, connect
from supply_chain.stream.flink_job import checkpoint_directory, submit
from tests.bench.figure import Figure
from tests.bench.topic import length, messages

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def measure(settings: Settings) -> Figure:
    """Take the time in which the counts in PostgreSQL go from a third of the topic to all of it.

    The first third is the JVM's to compile what runs most.
    """
    lines = length(settings)
    lean = _lean_rate(settings, lines)
    submit(settings, checkpoints=checkpoint_directory(settings, "bench"))
    started, counted_then = 0.0, 0
    while (counted := _counted(settings, "order_activity")) < lines or _counted(settings, "daily_aggregates") < lines:
        if not started and counted > lines / 3:
            started, counted_then = time.perf_counter(), counted
        time.sleep(1)
    return Figure(
        "stream: Kafka to every table",
        lines - counted_then,
        time.perf_counter() - started,
        "one process, no state, one COPY at the end",
        lean,
    )


def _counted(settings: Settings, table: str) -> int:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(sum(order_lines), 0)::bigint FROM {table}")
        return cursor.fetchone()[0]


def _lean_rate(settings: Settings, lines: int) -> float:
    started = time.perf_counter()
    sold: dict[tuple, int] = defaultdict(int)
    daily: dict[tuple, list[float]] = defaultdict(lambda: [0, 0, 0.0])
    for message in messages(settings):
        line = orjson.loads(message.value())
        store, product, quantity = line["retailer_id"], line["product_id"], line["quantity"]
        sold[store, product] += quantity
        sums = daily[line["order_date"][:10], store, product, line["order_status"]]
        sums[0] += 1
        sums[1] += quantity
        sums[2] += line["sales"]
    text = "".join("\t".join(map(str, [*key, *sums])) + "\n" for key, sums in daily.items())
    with closing(connect(settings, Role.SEEDER)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE lean (ds date, retailer_id int, product_id int, order_status text,"
            " order_lines bigint, quantity bigint, sales numeric)"
        )
        cursor.copy_expert("COPY lean FROM STDIN", io.StringIO(text))
    assert len(sold) > 0
    return lines / (time.perf_counter() - started)
