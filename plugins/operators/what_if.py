"""The plan of a what-if as Airflow sees it: made, or skipped with the reason."""

from __future__ import annotations

import logging

from airflow.sdk.exceptions import AirflowSkipException

from operators.refusals import final
from supply_chain.settings import load_settings

log = logging.getLogger(__name__)


def plan(forecast_run_id: str) -> int:
    """Plan by a what-if, and return how many pairs of store and product it orders for.

    Raises:
        AirflowSkipException: the forecast is no what-if, or does not reach as far as a plan needs it.
        AirflowFailException: the plan cannot be made.
    """
    from supply_chain.replenishment import planning, runs

    with final(runs.ReplenishmentError):
        try:
            summary = planning.plan_what_if(load_settings(), forecast_run_id)
        except runs.ForecastEndsError as short:
            raise AirflowSkipException(f"There is no plan of this what-if: {short}") from short
    if summary is None:
        raise AirflowSkipException("This forecast is no what-if: plan_replenishment plans by the newest baseline.")
    log.info("The plan of the what-if:\n%s", "\n".join(summary.lines()))
    return summary.pairs_to_order
