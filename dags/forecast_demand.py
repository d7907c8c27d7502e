"""Forecast demand.

This DAG forecasts the demand of every product in every store with sales, and of stores, products, categories and the
total. Each forecast has bounds, and demand is inside them in four of five cases. All levels add up to the total.

The DAG runs after every four weeks of data (`FORECAST_EVERY_DAYS`). The stream announces each complete day in the topic
`orders.days`. The DAG also runs once a day.

1. **check_params** checks the params against the data, and stores them in `forecast_runs`.
2. **forecast** submits one Spark job for all series. Prophet forecasts the upper levels, and the job divides products
   among stores. The job also forecasts past windows from the data before each of them. It replaces the default model
   only where another model was better in these windows. The log shows the number of finished series. The job publishes
   the forecast as a whole in `demand_forecasts`.
3. **report** logs the published forecast, the chosen models, and the reasons.
4. **score_past_forecasts** compares earlier forecasts with the actual demand, in `forecast_accuracy`.
5. **announce** starts `plan_replenishment` if the forecast is the newest baseline and covers all series.
6. **plan_what_if** makes a plan for a what-if, with the day and the stock of the newest baseline plan whose forecast
   starts on the same day. The view `dashboards.what_ifs` compares the two in units and money.

**Trigger it** with params for other days, single products or stores, or a what-if: a change of the demand of all
products, or of some days, products, categories or stores, or another service level.

**Backfill** past days, each from the data before it:
`make airflow ARGS="backfill create --dag-id forecast_demand --from-date 2017-01-01 --to-date 2017-01-05"`.

Airflow skips daily runs until the stream has counted orders.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, Metadata, dag, task
from airflow.sdk.exceptions import AirflowSkipException

from operators.assets import DEMAND_FORECASTS
from operators.data_days import FORECAST_DUE, due_day
from operators.demand_forecast import forecast_job
from operators.params import form
from operators.refusals import final
from supply_chain.forecast_runs import choices
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.orders.event import OrderStatus
from supply_chain.planning_due import Planning
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow.sdk import DagRun

log = logging.getLogger(__name__)

KNOWN = choices.remembered(load_settings())


def _shown(names: dict[int, str]) -> dict[str, str]:
    """Return how the form shows products or stores, by id: it takes names too."""
    return {str(number): f"{name} ({number})" for number, name in names.items()}


def _with_cutoff(params: dict[str, Any], dag_run: DagRun) -> dict[str, Any]:
    """Return the params with the cutoff that follows from why the run was made.

    Raises:
        AirflowSkipException: the forecast that was due has been made meanwhile.
    """
    if dag_run.run_type == "asset_triggered":
        return {**params, "cutoff": due_day(Planning.FORECAST, dag_run.run_id).isoformat()}
    if dag_run.run_type == "backfill" and dag_run.logical_date and not (params.get("cutoff") or params.get("end_date")):
        # The first task refuses a day outside of the data, as it refuses such a cutoff.
        return {**params, "cutoff": dag_run.logical_date.date().isoformat()}
    return params


@dag(
    # By the data's calendar, and by the clock where the stream's days are those of the clock or nobody announces them.
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("@daily", timezone="UTC"), assets=FORECAST_DUE),
    # Before the first day of the data: a backfill may go back to it.
    start_date=datetime(2015, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Forecast demand",
    description="Forecasts the demand of every product in every store, with bounds.",
    tags=["planning"],
    default_args={"owner": "planning", "retries": 2, "retry_delay": timedelta(seconds=10)},
    params=form(
        ForecastParameters,
        sections=dict.fromkeys(("cutoff", "start_date", "end_date", "excluded_statuses"), "From when")
        | dict.fromkeys(("scenario", "demand_multiplier", "demand_changes", "service_level"), "What if"),
        choices={
            "product_ids": _shown(KNOWN.products),
            "retailer_ids": _shown(KNOWN.retailers),
            "excluded_statuses": {status.value: status.value for status in sorted(OrderStatus)},
        },
    ),
)
def forecast_demand() -> None:
    """Forecast demand."""

    @task
    def check_params(params: dict[str, Any], dag_run: DagRun) -> str:
        """Check what is asked for against the data, and write it down."""
        from supply_chain.forecast_runs import checking, runs

        settings = load_settings()
        choices.remember(settings)
        params = _with_cutoff(params, dag_run)
        logical_date = dag_run.logical_date.date() if dag_run.logical_date else None
        try:
            with final(checking.RefusedError):
                parameters, cutoff = checking.check(settings, params, logical_date=logical_date)
        except checking.NoHistoryError as nothing:
            if dag_run.run_type == "scheduled":
                raise AirflowSkipException(str(nothing)) from nothing
            with final(checking.NoHistoryError):
                raise
        triggered_by = f"forecast_demand, {dag_run.run_type.value}"
        runs.begin(settings, dag_run.run_id, parameters, cutoff, triggered_by=triggered_by)
        log.info("cutoff %s: %s", cutoff, parameters)
        return cutoff.isoformat()

    forecast = forecast_job("forecast")

    @task
    def report(dag_run: DagRun) -> None:
        """Write down what was published, and which models were chosen."""
        from supply_chain.forecast_runs import report

        for line in report.lines(load_settings(), dag_run.run_id):
            log.info(line)

    @task
    def score_past_forecasts() -> int:
        """Compare earlier forecasts with what came."""
        from supply_chain.forecast_runs import accuracy

        return accuracy.score_past(load_settings(), log.info)

    @task(outlets=[DEMAND_FORECASTS])
    def announce(dag_run: DagRun) -> Iterator[Metadata]:
        """Tell those who plan by the newest forecast."""
        from supply_chain.forecast_runs import report

        if not report.is_newest_baseline(load_settings(), dag_run.run_id):
            raise AirflowSkipException(
                "Planning does not go by this forecast: it is a part, a what-if, or of the past."
            )
        yield Metadata(DEMAND_FORECASTS, {"run_id": dag_run.run_id})

    @task
    def plan_what_if(dag_run: DagRun) -> int:
        """Plan by a what-if, from the stock of the plan that it is compared with; its orders are never the plan's."""
        from operators import what_if

        return what_if.plan(dag_run.run_id)

    reported = report()
    check_params() >> forecast >> reported >> score_past_forecasts() >> announce()
    reported >> plan_what_if()


forecast_demand()
