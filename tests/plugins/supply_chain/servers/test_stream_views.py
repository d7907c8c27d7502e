"""What the views say about the stream and about the age of forecast and plan."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.database import DATABASE, Role, connect
from supply_chain.servers.databases import connect_as_superuser

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration

SEEDED = "INSERT INTO data_gen VALUES ('order_lines', 'orders.csv', 'abc', 3, 0)"
TOLD = "INSERT INTO stream_control VALUES (true, '{}', 5, NULL, 'order_stream manual__1', '2026-01-02 03:04+00')"
PRODUCER = "INSERT INTO kafka_sent VALUES ('orders', 'abc', 3, 3, NULL, '{}', 5, now() - interval '{}')"
HEALTH = "INSERT INTO stream_health VALUES (now() - interval '{}', 0, 5, 3, 3, 0, '{}')"
DOWN = "CRITICAL flink: the job is FAILED (no slots); the next run submits it"
ARRIVED = (
    "INSERT INTO recent_orders VALUES (0, 1, 1, '2026-01-02 05:06+00', 1, 1, '2018-01-01', 1, 1, 1, 1, 1, 'C', 'D',"
    " 'S', 'M', 'X')"
)


@pytest.fixture
def execute(database: Settings) -> Callable[..., None]:
    """Runs statements as the superuser."""

    def run(*statements: str) -> None:
        with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return run


def one(settings: Settings, columns: str, view: str) -> tuple[Any, ...]:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM dashboards.{view}")
        (row,) = cursor.fetchall()
        return tuple(row)


@pytest.mark.parametrize(
    ("statements", "state", "told"),
    [
        ([], "not seeded", "Nothing is seeded yet"),
        ([SEEDED, TOLD.format("running"), PRODUCER.format("live", "1 s")], "running", "Orders are arriving"),
        (
            [SEEDED, TOLD.format("paused"), PRODUCER.format("paused", "1 s")],
            "paused",
            "Orders are paused since 2026-01-02 03:04 by order_stream manual__1",
        ),
        (
            [SEEDED, TOLD.format("stopped"), PRODUCER.format("stopped", "1 hour")],
            "stopped",
            "Orders are stopped since 2026-01-02 03:04 by order_stream manual__1",
        ),
        (
            [SEEDED, TOLD.format("running"), PRODUCER.format("finished", "1 s"), ARRIVED],
            "ended",
            "Orders ended at 2026-01-02 05:06",
        ),
        ([SEEDED, TOLD.format("running"), PRODUCER.format("live", "11 s")], "standing still", "was last heard at"),
        ([SEEDED, TOLD.format("running")], "standing still", "the order producer has never reported"),
        ([SEEDED, TOLD.format("running"), PRODUCER.format("waiting", "1 s")], "standing still", "its log says"),
        (
            [
                SEEDED, TOLD.format("running"), PRODUCER.format("live", "1 s"),
                HEALTH.format("2 minutes", ""), HEALTH.format("1 minute", DOWN),
            ],
            "standing still",
            "CRITICAL flink: the job is FAILED (no slots)",
        ),
        (
            [
                SEEDED, TOLD.format("running"), PRODUCER.format("live", "1 s"),
                HEALTH.format("2 minutes", DOWN), HEALTH.format("1 minute", ""),
            ],
            "running",
            "Orders are arriving",
        ),
        # What nobody has looked at for a while says nothing about now.
        (
            [SEEDED, TOLD.format("running"), PRODUCER.format("live", "1 s"), HEALTH.format("4 minutes", DOWN)],
            "running",
            "Orders are arriving",
        ),
    ],
)  # fmt: skip
def test_the_state_of_the_stream(
    database: Settings, execute: Callable[..., None], statements: list[str], state: str, told: str
) -> None:
    execute(*statements)
    found, sentence = one(database, "state, told", "stream_state")
    assert found == state
    assert told in sentence


def test_a_standstill_is_dated_by_the_first_look_that_found_it(
    database: Settings, execute: Callable[..., None]
) -> None:
    looks = [("4 minutes", ""), ("3 minutes", DOWN), ("1 minute", DOWN)]
    execute(SEEDED, TOLD.format("running"), PRODUCER.format("live", "1 s"), *(HEALTH.format(*look) for look in looks))
    (minutes,) = one(database, "extract(minute FROM now() - since)::int", "stream_state")
    assert minutes == 3


FORECAST = (
    "INSERT INTO forecast_runs (run_id, status, scenario, is_baseline, cutoff, horizon_days, parameters, triggered_by,"
    " finished_at) VALUES ('{0}', 'complete', '{0}', {1}, '{2}', 30, '{{}}', 'test', now())"
)
PLAN = (
    "INSERT INTO replenishment_runs (plan_id, status, forecast_run_id, service_level, parameters, triggered_by,"
    " plan_day, finished_at) VALUES ('{0}', 'complete', '{0}', 0.95, '{{}}', 'test', '{1}', now() + interval '{2}')"
)


@pytest.fixture
def planned(seeded: Settings, execute: Callable[..., None]) -> tuple[Settings, date]:
    """A source whose lines are all sent, a plan by a baseline and a later plan by a what-if; returns the last day."""
    with closing(connect(seeded, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT max(position), max(order_date)::date FROM order_lines")
        position, day = cursor.fetchone()
    execute(
        f"INSERT INTO kafka_sent VALUES ('orders', 'abc', {position}, {position}, NULL, 'live', 5, now())",
        TOLD.format("running"),
        FORECAST.format("baseline", "true", day),
        FORECAST.format("what-if", "false", day),
        PLAN.format("baseline", day, "0"),
        PLAN.format("what-if", "2001-01-01", "1 minute"),
    )
    return seeded, day


def test_the_plan_of_a_what_if_is_not_the_plan(planned: tuple[Settings, date]) -> None:
    settings, day = planned
    columns = "data_day, plan_day, plan_age_days, forecast_from, forecast_age_days, is_stale"
    assert one(settings, columns, "freshness") == (day, day, 0, day, 0, False)
    (told,) = one(settings, "told", "freshness")
    assert f"forecast from {day} · plan of {day}" in told
    assert "⚠" not in told


@pytest.mark.parametrize(
    ("plan_age", "forecast_age", "said"),
    [
        (1, 1, "(1 data day old)"),
        (7, 35, "(35 data days old)"),
        (8, 28, "⚠ plan is 8 data days old"),
        (2, 36, "⚠ forecast is 36 data days old"),
        (-1, -1, "plan of"),
    ],
)
def test_ages_are_told_and_marked(
    planned: tuple[Settings, date],
    execute: Callable[..., None],
    plan_age: int,
    forecast_age: int,
    said: str,
) -> None:
    settings, _ = planned
    stale = "⚠" in said
    execute(
        f"UPDATE replenishment_runs SET plan_day = plan_day - {plan_age} WHERE plan_id = 'baseline'",
        f"UPDATE forecast_runs SET cutoff = cutoff - {forecast_age} WHERE run_id = 'baseline'",
    )
    ages = one(settings, "plan_age_days, forecast_age_days, is_stale", "freshness")
    assert ages == (max(plan_age, 0), max(forecast_age, 0), stale)
    (told,) = one(settings, "told", "freshness")
    assert said in told
    assert ("⚠" in told) == stale


def test_a_stream_that_does_not_run_is_told_first(planned: tuple[Settings, date], execute: Callable[..., None]) -> None:
    settings, _ = planned
    execute("UPDATE kafka_sent SET state = 'finished'", ARRIVED)
    (told,) = one(settings, "told", "freshness")
    assert told.startswith("Orders ended at 2026-01-02 05:06 · Orders up to ")


def test_without_a_forecast_nothing_has_an_age(database: Settings, execute: Callable[..., None]) -> None:
    execute(PRODUCER.format("live", "1 s"))
    assert one(database, "plan_age_days, forecast_age_days, is_stale", "freshness") == (None, None, False)


def test_live_activity_ends_with_the_clock(seeded: Settings, execute: Callable[..., None]) -> None:
    arrived = (
        "INSERT INTO order_activity SELECT date_bin('10 seconds', now(), 'epoch') - interval '{}', market, {}, 1, 1"
    )
    arrived += " FROM (SELECT min(market) AS market FROM dashboards.markets) AS first"
    execute(arrived.format("6 minutes", 1))
    assert one(seeded, "coalesce(sum(order_lines), 0)::int", "live_activity") == (0,)
    execute(arrived.format("4 minutes", 2))
    assert one(seeded, "sum(order_lines)::int", "live_activity") == (2,)
