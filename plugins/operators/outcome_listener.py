"""Keeps how each run of a DAG has ended, for the dashboard Pipeline Health, which cannot see Airflow's own database."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

from supply_chain.database import Role, connect, statement
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun


@hookimpl
def on_dag_run_success(dag_run: DagRun) -> None:
    """Airflow calls this in the scheduler."""
    record(dag_run, "success")


@hookimpl
def on_dag_run_failed(dag_run: DagRun) -> None:
    """Airflow calls this in the scheduler."""
    record(dag_run, "failed")


def record(dag_run: DagRun, state: str) -> None:
    """Write down the end of a run.

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
    with (
        closing(connect(load_settings(), Role.OPERATOR, application="airflow")) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement("orchestration/record_outcome"), values)
