"""The order of the tasks of `forecast_demand`, its params and its form, and how the job is submitted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain import spark
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.sdk import DAG

    from supply_chain.settings import Settings


@pytest.fixture
def parsed(settings: Settings) -> Callable[[], DAG]:
    """Parses the DAG again, as the DAG processor does every few seconds."""
    from airflow.dag_processing.dagbag import DagBag

    return lambda: DagBag(dag_folder=REPOSITORY / "dags" / "forecast_demand.py").dags["forecast_demand"]


@pytest.fixture
def forecast_demand(parsed: Callable[[], DAG]) -> DAG:
    return parsed()


def test_order(forecast_demand: DAG) -> None:
    following = {task.task_id: sorted(task.downstream_task_ids) for task in forecast_demand.tasks}
    assert following == {
        "check_params": ["forecast"],
        "forecast": ["report"],
        "plan_what_if": [],
        "report": ["plan_what_if", "score_past_forecasts"],
        "score_past_forecasts": ["announce"],
        "announce": [],
    }


def test_daily_and_before_the_first_day_of_the_data(forecast_demand: DAG) -> None:
    """A backfill starts no run before the start date of its DAG."""
    assert forecast_demand.timetable.timetable.expression == "0 0 * * *"
    assert forecast_demand.start_date == datetime(2015, 1, 1, tzinfo=UTC)


def test_starts_when_the_days_of_the_data_ask_for_it(forecast_demand: DAG) -> None:
    from operators.data_days import FORECAST_DUE

    assert forecast_demand.timetable.asset_condition == FORECAST_DUE


def test_tells_planning_by_an_asset(forecast_demand: DAG) -> None:
    from operators.assets import DEMAND_FORECASTS

    assert {task.task_id: task.outlets for task in forecast_demand.tasks if task.outlets} == {
        "announce": [DEMAND_FORECASTS]
    }


def test_the_job_is_given_the_run_alone_and_no_secret(forecast_demand: DAG, settings: Settings) -> None:
    job = forecast_demand.get_task("forecast")
    assert job.application == str(REPOSITORY / "spark_jobs" / "forecast_demand.py")
    assert job.application_args == ["--run-id", "{{ dag_run.run_id }}"]
    assert job.max_active_tis_per_dag == 1
    told = " ".join([*spark.submit_conf(settings).values(), *spark.submit_environment(settings).values()])
    assert job.conf == spark.submit_conf(settings)
    secrets = [name for name, field in type(settings).model_fields.items() if field.is_required()]
    assert len(secrets) > 10
    assert not [name for name in secrets if getattr(settings, name).get_secret_value() in told]


def test_params_are_those_of_the_library_with_titles(forecast_demand: DAG) -> None:
    defaults = ForecastParameters().model_dump(mode="json")
    assert set(forecast_demand.params) == set(ForecastParameters.model_fields)
    for name, field in ForecastParameters.model_fields.items():
        param = forecast_demand.params.get_param(name)
        assert param.value == defaults[name], name
        assert param.schema["title"] == field.title, name
        assert param.description.startswith(field.description), name
    what_if = [name for name in ForecastParameters.model_fields if _schema(forecast_demand, name).get("section")]
    assert len(what_if) == 8


def _schema(dag: DAG, name: str) -> dict[str, Any]:
    return dag.params.get_param(name).schema


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("product_ids", [365, "627"]),
        ("retailer_ids", None),
        ("cutoff", "2017-05-01"),
        ("demand_multiplier", 2),
        ("demand_changes", [{"from": "2017-12-01", "to": "2017-12-31", "percent": 20}]),
        # What these are worth the first task says in words.
        ("service_level", 98),
        ("forecast_duration", 366),
        ("scenario", "+20 % in December; 98 %"),
    ],
)
def test_params_that_the_form_takes(forecast_demand: DAG, name: str, value: Any) -> None:
    assert forecast_demand.params.get_param(name).resolve(value) == value


def test_the_form_offers_names_once_they_are_known(parsed: Callable[[], DAG], settings: Settings) -> None:
    known = settings.state_dir / "airflow" / "forecast_choices.json"
    assert not known.exists()
    assert "examples" not in parsed().params.get_param("product_ids").schema
    known.parent.mkdir(exist_ok=True)
    known.write_text('{"products": {"365": "Smart watch"}, "retailers": {"3": "Caguas, PR", "4": "Ponce, PR"}}')
    try:
        params = parsed().params
    finally:
        known.unlink()
    assert params.get_param("product_ids").schema["examples"] == ["365"]
    assert params.get_param("product_ids").schema["values_display"] == {"365": "Smart watch (365)"}
    assert params.get_param("retailer_ids").schema["examples"] == ["3", "4"]
    assert params.get_param("retailer_ids").resolve(["3"]) == ["3"]
