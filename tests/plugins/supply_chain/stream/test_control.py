"""What the stream is told to do, in the real table."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.database import Role, connect
from supply_chain.parameters import ParametersError
from supply_chain.stream import control
from supply_chain.stream.control import DesiredState

if TYPE_CHECKING:
    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration


def test_never_told(database: Settings) -> None:
    assert control.read(database) is None
    assert control.published_source(database) is None


def test_first_row_takes_the_settings(database: Settings) -> None:
    told = control.change(database, desired_state=DesiredState.RUNNING, changed_by="test")
    assert (told.desired_state, told.replay_rate, told.history_until) == (DesiredState.RUNNING, 5.0, None)
    assert control.read(database) == told


def test_what_is_not_given_stays(database: Settings) -> None:
    control.change(
        database,
        desired_state=DesiredState.RUNNING,
        replay_rate=50,
        history_until=date(2017, 6, 1),
        changed_by="first",
    )
    told = control.change(database, desired_state=DesiredState.STOPPED, changed_by="second")
    assert (told.replay_rate, told.history_until, told.changed_by) == (50.0, date(2017, 6, 1), "second")


def test_max_is_no_limit(database: Settings) -> None:
    told = control.change(database, desired_state=DesiredState.RUNNING, replay_rate="max", changed_by="test")
    assert told.replay_rate is None
    assert control.change(database, desired_state=DesiredState.PAUSED, changed_by="test").replay_rate is None


def test_telling_the_same_again_changes_nothing(database: Settings) -> None:
    first = control.change(database, desired_state=DesiredState.RUNNING, replay_rate=7, changed_by="first")
    again = control.change(database, desired_state=DesiredState.RUNNING, replay_rate=7, changed_by="second")
    assert again == first


def test_published_source(database: Settings) -> None:
    with closing(connect(database, Role.SEEDER)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO data_gen VALUES ('order_lines', 'orders.csv', 'abc', 10, 1), ('x', 'y', 'z', 1, 1)")
    assert control.published_source(database) == control.PublishedSource("orders.csv", "abc", 10)


@pytest.mark.parametrize(
    ("asked", "rate"),
    [
        ({}, None),
        ({"replay_rate": 50}, 50),
        ({"replay_rate": "0.5"}, 0.5),
        ({"replay_rate": "max"}, "max"),
        ({"as_fast_as_possible": True}, "max"),
        ({"as_fast_as_possible": True, "replay_rate": "max"}, "max"),
    ],
)
def test_rates_that_are_taken(asked: dict[str, Any], rate: Any) -> None:
    assert control.parse({"desired_state": "running", **asked})["replay_rate"] == rate


@pytest.mark.parametrize("rate", ["fast", "", "-1", 0, -1, 1_000_001])
def test_rates_that_are_refused(rate: Any) -> None:
    with pytest.raises(ParametersError, match=r"Order lines a second \(replay_rate\)"):
        control.parse({"replay_rate": rate})


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ParametersError) as refused:
        control.parse({"desired_state": "stopped", "replay_rate": "fast", "history_until": "May", "speed": 3})
    for problem in ("What the stream does (desired_state): 'stopped' should be", "'fast' should be a valid number",
                    "End of the history (history_until): 'May'", "speed: there is no such parameter"):  # fmt: skip
        assert problem in str(refused.value)
    with pytest.raises(ParametersError, match=r"replay_rate: 5\.0 is a limit, and as_fast_as_possible asks for none"):
        control.parse({"replay_rate": 5, "as_fast_as_possible": True})


def test_only_one_at_a_time(database: Settings) -> None:
    order: list[str] = []
    held, waiting = threading.Event(), threading.Event()

    def second() -> None:
        held.wait()
        waiting.set()
        with control.exclusive(database):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with control.exclusive(database):
        held.set()
        waiting.wait()
        thread.join(0.5)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
