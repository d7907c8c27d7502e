"""What the platform adds to Airflow's pages."""

from __future__ import annotations

from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin

from operators import outcome_listener
from operators.demand_forecast import ForecastChartLink
from operators.flink_job import FlinkJobLink
from supply_chain.settings import load_settings


class SupplyChainPlugin(AirflowPlugin):
    """Links from tasks to what they made, Flink's pages and the dashboards in the navigation, and how runs ended."""

    name = "supply_chain"
    operator_extra_links: ClassVar = [FlinkJobLink(), ForecastChartLink()]
    listeners: ClassVar = [outcome_listener]
    external_views: ClassVar = [
        {"name": name, "href": address, "destination": "nav", "category": "browse", "url_route": None}
        for name, address in {
            "Dashboards": load_settings().superset_page_url,
            "Flink": load_settings().flink_page_url,
        }.items()
    ]
