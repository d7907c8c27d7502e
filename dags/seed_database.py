"""Seed the database.

This DAG reads the DataCo CSV in the setting `DATASET`, or generates orders of the same shape. It checks every row, and
publishes the reference tables, the opening stock and the order lines to replay in one transaction. It keeps bad rows in
`rejected_rows` with the reason. If there are too many (`MAX_REJECTED_SHARE`), it publishes nothing.

Seeding the same source again changes nothing, whatever the stock policy. **The DAG rejects another source**, unless you
set the param `replace` and the stream is stopped (`stop_order_stream`). Replacing a source deletes its topics and
everything that the stream computed from it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import dag, task

from operators.assets import ORDER_LINES
from operators.params import form
from operators.refusals import final
from supply_chain.forecast_runs import choices
from supply_chain.parameters import ParametersError, parse
from supply_chain.seed_parameters import SeedParameters, StockPolicy
from supply_chain.settings import load_settings


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Seed the database",
    description="Loads the orders, checks every row, and publishes reference tables, opening stock and order lines.",
    tags=["data"],
    default_args={"owner": "data", "retries": 2, "retry_delay": timedelta(seconds=10)},
    params=form(SeedParameters, sections=dict.fromkeys(StockPolicy.model_fields, "Stock policy")),
)
def seed_database() -> None:
    """Seed the database."""

    @task
    def prepare_source(params: dict[str, Any]) -> dict[str, Any]:
        """Check the params; find the CSV and take its checksum, or generate it."""
        from supply_chain import seed

        with final(ParametersError):
            parse(SeedParameters, params)
        with final(seed.SourceError):
            return asdict(seed.prepare_source(load_settings()))

    @task
    def stage(source: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        """Check every row, and copy good and bad ones into staging tables."""
        from supply_chain import seed

        with final(seed.SourceError):
            return asdict(seed.stage(load_settings(), seed.Source(**source), parse(SeedParameters, params)))

    @task
    def audit() -> None:
        """Refuse what must not be published."""
        from supply_chain import seed

        with final(seed.SeedRefusedError):
            seed.audit(load_settings())

    @task(outlets=[ORDER_LINES])
    def publish(params: dict[str, Any]) -> dict[str, Any]:
        """Put the staged tables in the place of the published ones, in one transaction."""
        from supply_chain import seed

        settings = load_settings()
        with final(seed.SeedRefusedError):
            report = seed.publish(settings, replace=parse(SeedParameters, params).replace)
        choices.remember(settings)
        return asdict(report)

    @task
    def match_topics() -> dict[str, str]:
        """Make the topics anew where they hold lines of a source that is not published any more."""
        from supply_chain.stream import repair

        with final(repair.StreamRunningError):
            return asdict(repair.match_topics(load_settings()))

    stage(prepare_source()) >> audit() >> publish() >> match_topics()


seed_database()
