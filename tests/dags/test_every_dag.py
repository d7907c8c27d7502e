"""What holds for every DAG: it imports, and people can tell what it is, whose it is, and what it may be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk import DAG

    from supply_chain.settings import Settings

DAG_IDS = sorted(path.stem for path in (REPOSITORY / "dags").glob("*.py"))
"""A file holds one DAG, of its name."""

FOR_DUMPS = {"pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength"}
"""What Airflow itself would refuse a param by, with a dump of its schema: the first task says it in words."""

TAGS = {"dashboards", "data", "planning", "quality", "stream"}
OWNERS = {"dashboards", "data", "planning", "quality", "stream"}


@pytest.fixture(scope="module")
def bag(settings: Settings) -> DagBag:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=REPOSITORY / "dags")


def test_every_file_imports_and_holds_the_dag_of_its_name(bag: DagBag) -> None:
    assert bag.import_errors == {}
    assert sorted(bag.dags) == DAG_IDS != []


@pytest.fixture(params=DAG_IDS)
def each_dag(request: pytest.FixtureRequest, bag: DagBag) -> DAG:
    return bag.dags[request.param]


def test_is_documented(each_dag: DAG) -> None:
    assert each_dag.doc_md
    assert len(each_dag.doc_md.strip()) > 200


def test_has_a_name_and_a_sentence_for_people(each_dag: DAG) -> None:
    assert " " in each_dag.dag_display_name
    assert "_" not in each_dag.dag_display_name
    assert each_dag.description
    assert re.fullmatch(r"[A-Z].{20,120}\.", each_dag.description)


def test_has_known_tags_and_owner(each_dag: DAG) -> None:
    assert each_dag.tags
    assert each_dag.tags <= TAGS
    assert {task.owner for task in each_dag.tasks} <= OWNERS
    assert each_dag.tasks


def test_runs_once_at_a_time_and_never_in_arrears(each_dag: DAG) -> None:
    assert each_dag.max_active_runs == 1
    assert each_dag.catchup is False


def test_retries_what_may_pass(each_dag: DAG) -> None:
    assert all(task.retries >= 1 for task in each_dag.tasks)


def test_params_are_described_and_typed(each_dag: DAG) -> None:
    for name in each_dag.params.keys():  # noqa: SIM118 (its values are not the params)
        param = each_dag.params.get_param(name)
        assert param.description, name
        assert param.schema["title"][0].isupper(), name
        assert not FOR_DUMPS & set(param.schema), name
        assert "type" in param.schema, name


def test_params_are_those_of_the_documentation(bag: DagBag) -> None:
    params = {dag_id: sorted(dag.params) for dag_id, dag in bag.dags.items() if dag.params}
    assert params["order_stream"] == ["as_fast_as_possible", "desired_state", "history_until", "replay_rate"]
    assert "replace" in params["seed_database"]
    assert params["stop_order_stream"] == ["wait_seconds"]
