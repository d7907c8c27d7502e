"""Records how each run of a DAG ended, and alerts people when a DAG begins to fail and when it works again.

The records feed the dashboard Pipeline Health, which cannot read Airflow's own database.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

from supply_chain import alerts
from supply_chain.airflow_api import page_of_run
from supply_chain.database import Role, statement, transaction
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

SUCCESS = "success"
FAILED = "failed"


@hookimpl
def on_dag_run_success(dag_run: DagRun) -> None:
    """Airflow calls this in the scheduler."""
    record(dag_run, SUCCESS)


@hookimpl
def on_dag_run_failed(dag_run: DagRun) -> None:
    """Airflow calls this in the scheduler."""
    record(dag_run, FAILED)


def record(dag_run: DagRun, state: str) -> None:
    """Record the end of a run, and alert people where it ended otherwise than the run before it.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached; Airflow logs it and goes on.
    """
    values = {
        "dag_id": dag_run.dag_id,
        "run_id": dag_run.run_id,
        "run_type": str(dag_run.run_type),
        "state": state,
        "started_at": dag_run.start_date,
    }
    settings = load_settings()
    with transaction(settings, Role.OPERATOR, "airflow") as cursor:
        cursor.execute(statement("orchestration/previous_outcome"), values)
        previous = cursor.fetchone()
        cursor.execute(statement("orchestration/record_outcome"), values)
    # A DAG that fails every minute alerts once.
    if alerts.are_configured(settings) and (previous or (SUCCESS,)) != (state,):
        # The scheduler does not wait for a mail server.
        Thread(target=_alert, args=(settings, dag_run.dag_id, dag_run.run_id, state), daemon=True).start()


def _alert(settings: Settings, dag_id: str, run_id: str, state: str) -> None:
    page = page_of_run(settings, dag_id, run_id)
    if state == FAILED:
        subject, text = f"{dag_id} failed", f"The log of the failed task says why, and what to do: {page}"
    else:
        subject, text = f"{dag_id} works again", f"The run before it had failed. {page}"
    try:
        alerts.send(settings, subject, text)
    except alerts.AlertError as error:
        log.warning("The alert %r was not delivered: %s", subject, error)
