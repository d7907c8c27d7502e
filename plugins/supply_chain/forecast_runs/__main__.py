"""Forecast from a shell: ``python -m supply_chain.forecast_runs --products 1,2 --retailers 3 --days 30``.

Triggers the DAG ``forecast_demand``, waits for its end and prints what it expects.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

import requests
from rich.console import Console
from rich.table import Table

from supply_chain.airflow_api import AirflowApi, RunTimeoutError
from supply_chain.forecast_runs import checking, report
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.forecast_runs.runs import ForecastError
from supply_chain.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from supply_chain.settings import Settings

CONSOLE = Console(stderr=True, highlight=False)
SHOWN = 20
DAYS = ForecastParameters().forecast_duration
WAIT_SECONDS = 1800


def main() -> int:
    """Forecast, and print the result; exit 1 where it failed, 2 where it is refused."""
    parser = argparse.ArgumentParser(prog="python -m supply_chain.forecast_runs", description=__doc__)
    parser.add_argument("--products", default="", metavar="IDS", help="product ids, separated by commas; all if empty")
    parser.add_argument("--retailers", default="", metavar="IDS", help="retailer ids, likewise")
    parser.add_argument("--days", type=int, default=DAYS, help="days to forecast (default %(default)s)")
    given = parser.parse_args()
    params = {
        "product_ids": _listed(given.products),
        "retailer_ids": _listed(given.retailers),
        "forecast_duration": given.days,
    }
    try:
        settings = load_settings()
        # Here first: whoever typed it need not look for the answer in a task's log.
        checking.check(settings, params, logical_date=None)
        return _forecast(settings, params)
    except (ForecastError, RunTimeoutError, SettingsError, requests.RequestException) as error:
        CONSOLE.print(f"[red]error:[/] {error}", soft_wrap=True)
        return 2


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _forecast(settings: Settings, params: dict[str, object]) -> int:
    airflow = AirflowApi(settings)
    run_id = airflow.trigger("forecast_demand", params)
    page = airflow.page("forecast_demand", run_id)
    with CONSOLE.status("forecast_demand") as status:

        def show() -> None:
            now = report.state(settings, run_id)
            if now and now.series_total:
                status.update(f"{now.series_done or 0:,} of {now.series_total:,} series done")

        state = airflow.wait_for_end("forecast_demand", run_id, WAIT_SECONDS, show)
    now = report.state(settings, run_id)
    if state == "failed" or now is None or now.status != "complete":
        CONSOLE.print(f"[red]error:[/] {(now and now.failure) or 'the run failed'}; see {page}", soft_wrap=True)
        return 1
    level = "product_retailer" if params["product_ids"] or params["retailer_ids"] else "product"
    _show(report.totals(settings, run_id, level), now)
    CONSOLE.print(f"{page}\nday by day: `make psql`, view demand_forecasts, run_id {run_id}", soft_wrap=True)
    return 0


def _show(rows: list[tuple[object, ...]], now: report.RunState) -> None:
    table = Table(title=f"Demand of {now.horizon_days} days from {now.cutoff} on")
    for name in ("product", "store", "model", "status"):
        table.add_column(name)
    for name in ("units", "P10-P90 of 28 days"):
        table.add_column(name, justify="right")
    for model, status, low, high, demand, product, store in rows[:SHOWN]:
        units = "" if demand is None else f"{demand:,.1f}"
        table.add_row(str(product), str(store), str(model), str(status), units, "" if low is None else f"{low}-{high}")
    Console(highlight=False).print(table)
    if len(rows) > SHOWN:
        print(f"... and {len(rows) - SHOWN:,} more")


if __name__ == "__main__":
    sys.exit(main())
