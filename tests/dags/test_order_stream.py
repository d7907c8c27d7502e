"""The order of the tasks of `order_stream`, and the params that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from airflow.sdk import DAG


@pytest.fixture(scope="module")
def order_stream() -> DAG:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=REPOSITORY / "dags" / "order_stream.py").dags["order_stream"]


def test_order(order_stream: DAG) -> None:
    following = {task.task_id: sorted(task.downstream_task_ids) for task in order_stream.tasks}
    assert following == {
        "apply_control": ["ensure_topics"],
        "ensure_topics": ["ensure_flink_job", "ensure_producer", "judge_health"],
        "ensure_flink_job": ["judge_health"],
        "ensure_producer": ["judge_health"],
        "judge_health": ["watch_stream"],
        "watch_stream": [],
    }


def test_continuous_with_a_start_in_the_past(order_stream: DAG) -> None:
    """Without it every interval would begin where the first did: the second run has the first one's logical date."""
    from airflow.timetables.base import TimeRestriction
    from airflow.timetables.simple import ContinuousTimetable

    assert type(order_stream.timetable).__name__ == "ContinuousTimetable"
    restriction = TimeRestriction(order_stream.start_date, None, catchup=False)
    first = ContinuousTimetable().next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    second = ContinuousTimetable().next_dagrun_info(
        last_automated_data_interval=first.data_interval, restriction=restriction
    )
    assert second.logical_date > first.logical_date


def test_the_watch_runs_after_a_standstill_and_not_after_a_failure(order_stream: DAG) -> None:
    assert order_stream.get_task("watch_stream").trigger_rule == "none_failed"


@pytest.mark.parametrize("rate", [None, "max", "50", 50, 0.5, "fast", 0])
def test_rates_are_judged_by_the_first_task(order_stream: DAG, rate: Any) -> None:
    """Airflow would refuse them by a dump of a JSON schema."""
    assert order_stream.params.get_param("replay_rate").resolve(rate) == rate


def test_the_form_has_a_number_and_a_switch(order_stream: DAG) -> None:
    schemas = {name: order_stream.params.get_param(name).schema for name in order_stream.params}
    assert schemas["replay_rate"]["type"][0] == "number"
    assert schemas["as_fast_as_possible"]["type"][0] == "boolean"
    assert schemas["desired_state"]["enum"] == ["running", "paused"]
    assert schemas["history_until"]["format"] == "date"


def test_the_flink_task_links_to_the_job(order_stream: DAG) -> None:
    (link,) = order_stream.get_task("ensure_flink_job").operator_extra_links
    assert link.name == "Flink job"
