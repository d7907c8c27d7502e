"""Publish the dashboards.

This DAG publishes the files of `superset/assets` to Superset: it imports changes, removes deleted charts, and runs the
query of every chart. A chart whose query fails makes the run fail, before a reader sees it. The DAG does not touch
unchanged dashboards, or what people created in Superset themselves.

It runs after each seeding and on demand. `make dashboards` does the same from the shell.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import dag, task

from operators.assets import ORDER_LINES
from operators.refusals import final
from supply_chain.settings import load_settings

log = logging.getLogger(__name__)


@dag(
    schedule=[ORDER_LINES],
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Publish the dashboards",
    description="Publishes the dashboard files to Superset, and runs the query of every chart.",
    tags=["dashboards"],
    default_args={"owner": "dashboards", "retries": 2, "retry_delay": timedelta(seconds=10)},
)
def publish_dashboards() -> None:
    """Publish the dashboards."""

    @task
    def publish() -> dict[str, int]:
        """Bring Superset to what the files say, and see that every chart has an answer."""
        from supply_chain.dashboards import publishing
        from supply_chain.dashboards.assets import AssetError

        with final(AssetError):
            published = publishing.publish(load_settings(), log.info)
        return {"imported": int(published.changed), "removed": len(published.removed), "charts": published.charts}

    publish()


publish_dashboards()
