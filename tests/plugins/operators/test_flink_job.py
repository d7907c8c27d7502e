"""The task that sees to the Flink job."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from airflow.sdk.exceptions import AirflowException

from operators.flink_job import LOST, EnsureFlinkJobOperator

if TYPE_CHECKING:
    from supply_chain.settings import Settings

REPAIR = {"part": "flink", "found": "no job", "done": "submitted"}


@pytest.fixture
def operator() -> EnsureFlinkJobOperator:
    return EnsureFlinkJobOperator(task_id="ensure_flink_job", start_limit=timedelta(minutes=3))


def test_reports_what_was_done_once_the_job_runs(operator: EnsureFlinkJobOperator) -> None:
    assert operator.started({}, {"state": "RUNNING"}, REPAIR) == REPAIR


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"state": "FAILED"}, "the Flink job is FAILED"),
        ({"state": LOST}, "the Flink job is not there any more"),
        (None, "does not run after 0:03:00"),
    ],
)
def test_fails_where_the_job_does_not_run(
    operator: EnsureFlinkJobOperator, event: dict[str, str] | None, message: str
) -> None:
    with pytest.raises(AirflowException, match=message):
        operator.started({}, event, REPAIR)


def test_the_plugin_registers_every_link(settings: Settings) -> None:
    from airflow.plugins_manager import AirflowPlugin

    from operators.demand_forecast import ForecastJobOperator
    from supply_chain_plugin import SupplyChainPlugin

    assert issubclass(SupplyChainPlugin, AirflowPlugin)
    links = [*EnsureFlinkJobOperator.operator_extra_links, *ForecastJobOperator.operator_extra_links]
    assert [type(link) for link in SupplyChainPlugin.operator_extra_links] == [type(link) for link in links]
