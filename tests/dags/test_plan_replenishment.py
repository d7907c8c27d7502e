"""The order of the tasks of `plan_replenishment`, what starts it, its params, and runs of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from supply_chain.replenishment.parameters import ReplenishmentParameters
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from airflow.sdk import DAG

    from supply_chain.settings import Settings


@pytest.fixture(scope="module")
def plan_replenishment() -> DAG:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=REPOSITORY / "dags" / "plan_replenishment.py").dags["plan_replenishment"]


def test_order(plan_replenishment: DAG) -> None:
    following = {task.task_id: sorted(task.downstream_task_ids) for task in plan_replenishment.tasks}
    assert following == {
        "choose_forecast": ["plan"],
        "plan": ["book_receipts", "send_order_list"],
        "book_receipts": [],
        "send_order_list": [],
    }


def test_starts_after_each_forecast_or_when_one_is_due_and_says_when_it_has_planned(plan_replenishment: DAG) -> None:
    from operators.assets import DEMAND_FORECASTS, REPLENISHMENT_PLAN
    from operators.data_days import PLAN_DUE

    assert list(plan_replenishment.timetable.asset_condition.objects) == [DEMAND_FORECASTS, PLAN_DUE]
    assert plan_replenishment.get_task("plan").outlets == [REPLENISHMENT_PLAN]


def test_parsing_loads_none_of_what_the_tasks_compute_with(plan_replenishment: DAG) -> None:
    program = (
        "import runpy, sys; runpy.run_path('dags/plan_replenishment.py');"
        "sys.exit('supply_chain.replenishment.planning' in sys.modules or 'scipy' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugins")}
    subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, env=environment, check=True)


def test_params_are_those_of_the_library_with_titles(plan_replenishment: DAG) -> None:
    assert set(plan_replenishment.params) == set(ReplenishmentParameters.model_fields)
    for name, field in ReplenishmentParameters.model_fields.items():
        param = plan_replenishment.params.get_param(name)
        assert param.value == field.default, name
        assert param.schema["title"] == field.title, name
        assert param.description.startswith(field.description), name


@pytest.fixture
def run_dag(database: Settings) -> Callable[..., str]:
    """Runs the DAG in a process as the native stack would, with params, and returns what it logs."""
    from supply_chain.servers import airflow

    def run(*arguments: str) -> str:
        ended = subprocess.run(
            airflow.command(database, arguments),
            env={**os.environ, **airflow.environment(database)},
            check=False,
            capture_output=True,
            text=True,
            timeout=240,
        )
        return ended.stdout + ended.stderr

    (database.state_dir / "airflow").mkdir(exist_ok=True)
    run("db", "migrate")
    return lambda **params: run("dags", "test", "plan_replenishment", "--conf", json.dumps(params))


@pytest.mark.integration
def test_runs(run_dag: Callable[..., str], database: Settings, tmp_path: Path) -> None:
    """Skipped without a forecast; with one it plans, and what was ordered arrives; a param at fault is named."""
    from supply_chain.orders.generator import write_orders
    from supply_chain.seed import seed
    from tests.plugins.supply_chain.replenishment.conftest import count_everything, read, write_forecast

    log = run_dag()
    assert "There is no complete forecast of every pair yet: trigger forecast_demand first." in log
    assert "new_state=skipped" in log

    write_orders(tmp_path / "orders.csv", orders=200, seed=7)
    seed(database.model_copy(update={"dataset": tmp_path / "orders.csv"}))
    count_everything(database)
    write_forecast(database)
    log = run_dag(lead_time_days=0, simulate_receipts=True)
    ((units, value, status),) = read(
        database, "SELECT suggested_units, suggested_value, status FROM replenishment_runs"
    )
    assert status == "complete", log
    assert units > 0
    assert re.search(rf"value of the orders +{value:,.2f}", log)
    assert read(database, "SELECT sum(received_quantity) FROM inventory") == [(units,)]

    log = run_dag(forecast_run_id="of another day")
    assert "forecast_run_id: of another day is no complete forecast" in log
    assert "new_state=failed" in log
    assert read(database, "SELECT count(*) FROM replenishment_runs") == [(1,)]
