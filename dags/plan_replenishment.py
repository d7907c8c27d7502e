"""Plan replenishment.

This DAG runs after every baseline forecast of all series, and after every week of data (`PLAN_EVERY_DAYS`). For every
product in every store, it calculates the day on which the stock runs out (expected, and in one of ten cases), the
safety stock, the reorder point, and the quantity to order.

1. **choose_forecast** checks the params. It takes the forecast that was just made, the one in the params, or the
   newest. If there is none yet, Airflow skips the run.
2. **plan** reads the forecast, the stock and the quantities on order. It publishes a line per product and store in
   `replenishment_plan`, with all inputs of the result, in one transaction. It logs a summary and stores it in
   `replenishment_runs`.
3. **book_receipts** adds the due quantities of earlier plans to the stock, each line exactly once.
4. **send_order_list** sends the order list by e-mail and to a chat, if `ALERT_EMAILS` or `ALERT_WEBHOOK` is set.

Plans are suggestions. With the param `simulate_receipts`, the suggested quantities arrive in
`inventory.received_quantity` after their lead time, in the data's calendar. The setting `SIMULATE_RECEIPTS` does the
same for every plan after a forecast or a week of data. It is on for generated orders, which never end, because most
stores would be empty after some weeks.

**Lead times** are the measured days of shipments to customers, because the data set has no suppliers. A param overrides
them.

If you clear a run after it has made its plan, it does not plan again, because its orders may be on their way. Trigger a
new run instead.
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
    description="Calculates for every product in every store when its stock runs out, and what to order.",
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
