"""Check the stream's tables against the topic.

This DAG recomputes `inventory` and `daily_aggregates` from the messages of the topic `orders`. It shares no code with
the Flink job, and compares every row and every column at consistent cuts while the stream runs. It stores the result
in `ledger_checks`. `make verify` runs the same check from the shell.

A difference fails the run, and the log shows the first differences. Airflow skips the run while the topic is empty.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import CronTriggerTimetable, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from supply_chain.settings import load_settings

log = logging.getLogger(__name__)


@dag(
    schedule=CronTriggerTimetable("17 * * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    dag_display_name="Audit of the orders",
    description="Recomputes the stream's tables from the topic and compares every row and column.",
    tags=["stream", "quality"],
    default_args={"owner": "quality", "retries": 1, "retry_delay": timedelta(minutes=1)},
)
def audit_orders() -> None:
    """Check the stream's tables against the topic."""

    @task
    def check_ledger() -> dict[str, int]:
        """Compare the tables with the topic, and keep the verdict."""
        from supply_chain import ledger
        from supply_chain.stream.kafka_topics import StreamTopics

        settings = load_settings()
        if not any(offsets.end for offsets in StreamTopics(settings).offsets().values()):
            raise AirflowSkipException("The topic of order lines is empty or missing: there is nothing to check yet.")
        report = ledger.check(settings, on_progress=log.info)
        ledger.record(settings, report)
        log.info("%s", report.summary)
        for difference in report.differences:
            log.error("%s", difference)
        if not report.holds:
            raise AirflowFailException(
                f"{report.differing:,} rows are not what the topic adds up to; the first: {report.differences[0]}. "
                "The topic still has every message: `make reset` and `make demo` build the tables again."
            )
        return {"messages": report.messages, "rejected": report.rejected, "rows": report.rows}

    check_ledger()


audit_orders()
