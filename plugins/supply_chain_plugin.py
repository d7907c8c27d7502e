"""What the platform adds to Airflow's pages."""

from __future__ import annotations

from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin

from operators.flink_job import FlinkJobLink
from supply_chain.settings import load_settings


class SupplyChainPlugin(AirflowPlugin):
    """Links from tasks to the Flink job, and Flink's own pages in the navigation."""

    name = "supply_chain"
    operator_extra_links: ClassVar = [FlinkJobLink()]
    external_views: ClassVar = [
        {
            "name": "Flink",
            "href": load_settings().flink_rest_url,
            "destination": "nav",
            "category": "browse",
            "url_route": None,
        }
    ]
