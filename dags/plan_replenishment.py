"""Plan replenishment.

It runs after every demand forecast that planning goes by, and whenever a week of the data is complete since the newest
plan (`PLAN_EVERY_DAYS`). For each store and product it says when the stock runs out (expected, and in one of ten
cases), how much safety stock is needed, at which level to order, and how much.

1. **choose_forecast** checks the params and takes the forecast that has just been made, the one that a param names, or
   the newest. Where there is none yet, the run is skipped.
2. **plan** reads forecast, stock and what is on its way, and publishes a line per store and product in
   `replenishment_plan`, with every number that it follows from: all lines in one transaction, or none. Its log has a
   summary; `replenishment_runs` keeps it.
3. **book_receipts** adds what earlier plans have ordered and is due to the stock, each line exactly once.
4. **send_order_list** sends what to order by e-mail and to a chat, where `ALERT_EMAILS` or `ALERT_WEBHOOK` is set.

Plans only suggest, unless the param `simulate_receipts` says to pretend that the suggestions are ordered: they arrive
in `inventory.received_quantity` after their lead time, in the calendar of the data. The setting `SIMULATE_RECEIPTS`
says so for every plan that follows a forecast or a week of the data. It is on for generated orders, which do not end:
the shelves would be empty after some weeks.

**Lead times** are those of shipping to customers, as measured, which stand in for the suppliers' that the data does not
have; a param overrides them.

A run that is cleared after its plan was made does not plan again, since its orders may be on their way: trigger a new
one.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

from operators.assets import DEMAND_FORECASTS, REPLENISHMENT_PLAN
from operators.data_days import PLAN_DUE, due_day
from operators.params import form
from operators.refusals import final
from supply_chain.planning_due import Planning
from supply_chain.replenishment.parameters import ReplenishmentParameters
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow.sdk import Asset, DagRun

log = logging.getLogger(__name__)


@dag(
    schedule=DEMAND_FORECASTS | PLAN_DUE,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Plan replenishment",
    description="Says for each store and product when its stock runs out, and what to order.",
    tags=["planning"],
    default_args={"owner": "planning", "retries": 2, "retry_delay": timedelta(seconds=10)},
    params=form(
        ReplenishmentParameters,
        sections=dict.fromkeys(("minimum_order", "order_multiple", "maximum_order"), "Order size")
        | {"simulate_receipts": "Simulation"},
    ),
)
def plan_replenishment() -> None:
    """Plan replenishment."""

    @task
    def choose_forecast(
        params: dict[str, Any], dag_run: DagRun, triggering_asset_events: Mapping[Asset, Sequence[Any]]
    ) -> str:
        """Check the params, and write down what is to be planned by which forecast."""
        from supply_chain.replenishment import runs

        settings = load_settings()
        events = triggering_asset_events.get(DEMAND_FORECASTS, ())
        if dag_run.run_type == "asset_triggered" and not events:
            due_day(Planning.PLAN, dag_run.run_id)
        with final(runs.ReplenishmentError):
            try:
                run = runs.begin(
                    settings,
                    dag_run.run_id,
                    params,
                    triggered_by=dag_run.run_type.value,
                    announced_forecast=events[-1].extra.get("run_id") if events else None,
                    simulate_receipts=dag_run.run_type == "asset_triggered" and settings.receipts_are_simulated,
                )
            except runs.NoForecastError as missing:
                raise AirflowSkipException(str(missing)) from missing
        log.info("%s goes by forecast %s from %s on: %s", run.plan_id, run.forecast_run_id, run.cutoff, run.parameters)
        return run.forecast_run_id

    @task(outlets=[REPLENISHMENT_PLAN])
    def plan(dag_run: DagRun, outlet_events: Mapping[Asset, Any]) -> dict[str, int]:
        """Make the plan, and publish it whole."""
        from supply_chain.replenishment import planning, runs

        with final(runs.ReplenishmentError):
            summary = planning.plan(load_settings(), dag_run.run_id)
        log.info("The plan:\n%s", "\n".join(summary.lines()))
        if summary.pairs_without_forecast:
            log.warning(
                "Their forecast failed, forecast_series says why; not planned: %s", summary.pairs_without_forecast
            )
        outlet_events[REPLENISHMENT_PLAN].extra = {"plan_id": dag_run.run_id}
        return {"planned": summary.pairs_planned, "to_order": summary.pairs_to_order}

    @task
    def book_receipts(dag_run: DagRun) -> dict[str, int]:
        """Let what was ordered and is due arrive in stock."""
        from supply_chain.replenishment import receipts

        booked = receipts.book_due(load_settings(), dag_run.run_id)
        return {"lines": booked.lines, "units": booked.units}

    @task
    def send_order_list(dag_run: DagRun) -> int:
        """Send the list of what to order to the people whom the settings name."""
        from supply_chain import alerts
        from supply_chain.replenishment import order_list

        settings = load_settings()
        if not alerts.are_configured(settings):
            raise AirflowSkipException("Neither ALERT_EMAILS nor ALERT_WEBHOOK names anybody to send the list to.")
        return order_list.send(settings, dag_run.run_id)

    choose_forecast() >> plan() >> [book_receipts(), send_order_list()]


plan_replenishment()
