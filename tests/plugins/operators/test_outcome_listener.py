"""How the ends of runs are kept."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from threading import enumerate as enumerate_threads
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from operators import outcome_listener
from supply_chain.database import Role, connect
from tests.receivers import chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def outcomes(settings: Settings) -> list[tuple]:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT dag_id, run_id, run_type, state, started_at FROM dag_outcomes ORDER BY run_id")
        return cursor.fetchall()


@pytest.mark.integration
def test_an_end_is_kept_once_and_the_last_one_counts(database: Settings) -> None:
    run = SimpleNamespace(dag_id="seed_database", run_id="manual__1", run_type="manual", start_date=STARTED)
    outcome_listener.on_dag_run_failed(run)
    assert outcomes(database) == [("seed_database", "manual__1", "manual", "failed", STARTED)]
    outcome_listener.on_dag_run_success(run)
    assert outcomes(database) == [("seed_database", "manual__1", "manual", "success", STARTED)]


@pytest.mark.integration
def test_what_is_older_than_a_month_is_forgotten(database: Settings) -> None:
    run = SimpleNamespace(dag_id="seed_database", run_id="manual__1", run_type="manual", start_date=STARTED)
    outcome_listener.on_dag_run_success(run)
    with closing(connect(database, Role.OPERATOR)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE dag_outcomes SET finished_at = now() - interval '32 days'")
    run.run_id = "manual__2"
    outcome_listener.on_dag_run_success(run)
    assert [run_id for _, run_id, *_ in outcomes(database)] == ["manual__2"]


@pytest.mark.integration
def test_people_are_alerted_when_a_dag_begins_to_fail_and_when_it_works_again(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat() as (address, posts):
        settings = database.model_copy(update={"alert_webhook": address})
        monkeypatch.setattr(outcome_listener, "load_settings", lambda: settings)
        for number, state in enumerate(["success", "failed", "failed", "success", "success"]):
            run = SimpleNamespace(dag_id="order_stream", run_id=f"run_{number}", run_type="manual", start_date=STARTED)
            outcome_listener.record(run, state)
            retry(stop=stop_after_delay(10), wait=wait_fixed(0.05))(until)(
                lambda: not [thread for thread in enumerate_threads() if thread.name.endswith("(_alert)")]
            )
    told = [post["text"].splitlines()[0] for post in posts]
    assert told == ["*order_stream failed*", "*order_stream works again*"]
    assert f"{settings.airflow_page_url}/dags/order_stream/runs/run_1" in posts[0]["text"]


def until(holds: Callable[[], bool]) -> None:
    assert holds()


def test_the_plugin_registers_the_listener(settings: Settings) -> None:
    from supply_chain_plugin import SupplyChainPlugin

    assert SupplyChainPlugin.listeners == [outcome_listener]
