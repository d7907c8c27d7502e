"""What the platform adds to Airflow's pages."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from operators import outcome_listener
from operators.demand_forecast import ForecastChartLink
from operators.flink_job import FlinkJobLink
from supply_chain.settings import load_settings


class SupplyChainPlugin(AirflowPlugin):
    """Links from tasks to what they made, Flink's pages and the dashboards in the navigation, and how runs ended."""

    name = "supply_chain"
    # Airflow reads these from the class, and declares them as variables of an instance.
    operator_extra_links = [FlinkJobLink(), ForecastChartLink()]  # noqa: RUF012
    listeners = [outcome_listener]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": name, "href": address, "destination": "nav", "category": "browse", "url_route": None}
        for name, address in {
            "Dashboards": load_settings().superset_page_url,
            "Flink": load_settings().flink_page_url,
        }.items()
    ]
