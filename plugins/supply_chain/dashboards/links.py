"""Addresses of dashboards with their filters set."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import prison

from supply_chain.dashboards import assets
from supply_chain.dashboards.bundle import choice, filter_id
from supply_chain.database import Role, statement, transaction

if TYPE_CHECKING:
    from supply_chain.forecast_runs.runs import ForecastRun
    from supply_chain.settings import Settings

FORECASTS = "demand_forecasting"


def forecast(settings: Settings, run: ForecastRun) -> str:
    """Return the address of a forecast's charts, narrowed to the products and stores that were asked for.

    Args:
        settings: where Superset and PostgreSQL are.
        run: the forecast.

    Raises:
        psycopg2.Error: the names cannot be read.
    """
    values = {
        "run_id": run.run_id,
        "product_ids": run.parameters.product_ids,
        "retailer_ids": run.parameters.retailer_ids,
    }
    with transaction(settings, Role.READER, "airflow") as cursor:
        cursor.execute(statement("dashboards/names_of_forecast"), values)
        name, products, stores = cursor.fetchone() or (run.run_id, None, None)
    return filtered(settings, FORECASTS, {"forecast": [name], "product_name": products, "retailer": stores})


def filtered(settings: Settings, name: str, chosen: dict[str, list[str] | None]) -> str:
    """Return the address of a dashboard with values chosen in its filters.

    Args:
        settings: where Superset is.
        name: the dashboard's folder.
        chosen: values by the column that a filter is of; none: nothing is chosen there.

    Raises:
        ValueError: the dashboard has no filter of a column.
    """
    dashboard = assets.read().dashboards[name]
    filters = {each.column: each for each in dashboard.filters}
    unknown = sorted(set(chosen) - set(filters))
    if unknown:
        raise ValueError(f"{name} has no filter of {', '.join(unknown)}")
    state = {
        filter_id(name, filters[column]): {"id": filter_id(name, filters[column]), **choice(column, values)}
        for column, values in chosen.items()
        if values
    }
    return (
        f"{settings.superset_page_url}/superset/dashboard/{dashboard.slug}/?native_filters={quote(prison.dumps(state))}"
    )
