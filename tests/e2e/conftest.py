"""The whole platform, brought up by the command that a newcomer gives, for the tests that need all of it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from confluent_kafka import Producer

from supply_chain.airflow_api import ENDED, AirflowApi
from supply_chain.database import Role, connect
from supply_chain.kafka.topics import MAX_MESSAGE_BYTES, ORDERS
from supply_chain.paths import log_dir
from supply_chain.supervisor import Supervisor
from tests.browser import chromium
from tests.servers import demonstrated, environment
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from playwright.sync_api import Page

    from supply_chain.settings import Settings

CHOSEN = {
    # Enough history to be worth counting, and minutes of live orders after it.
    "GENERATED_ORDERS": "45000",
    "HISTORY_UNTIL": "2016-01-01",
    # Faster, and the data's calendar leaves a forecast behind before anything can be planned by it.
    "REPLAY_RATE": "10",
    # A week of the data passes in a minute here: the tests ask for forecasts and plans themselves.
    "PLAN_EVERY_DAYS": "90",
    "FORECAST_EVERY_DAYS": "365",
    "POSTGRES_SHARED_BUFFERS": "128MB",
    "FLINK_TASKMANAGER_MEMORY": "1728m",
}

ERROR = re.compile(r"error|exception|fatal|killed", re.IGNORECASE)


class Platform:
    """A running platform, and what people do with it."""

    def __init__(self, settings: Settings, demo: subprocess.CompletedProcess[str]) -> None:
        self.settings = settings
        self.demo = demo

    @property
    def airflow(self) -> AirflowApi:
        """Airflow's REST API as its administrator."""
        return AirflowApi(self.settings)

    def command(self, module: str, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run what a target of the Makefile runs."""
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=stdin,
            env=environment(self.settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def verify(self) -> str:
        """Run the ledger check; its output is right only if nothing differs."""
        checked = self.command("supply_chain.ledger")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "differing=0" in checked.stdout
        return checked.stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database as the role that may only read."""
        with closing(connect(self.settings, Role.READER)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def counted(self) -> int:
        """Return how many order lines are in the daily aggregates."""
        ((count,),) = self.query("SELECT coalesce(sum(order_lines), 0)::bigint FROM daily_aggregates")
        return count

    def produce(self, messages: Iterable[tuple[bytes | None, bytes | None]]) -> None:
        """Put messages (key, value) on the topic of order lines, as anybody may."""
        producer = Producer({
            "bootstrap.servers": self.settings.kafka_bootstrap_servers,
            "message.max.bytes": MAX_MESSAGE_BYTES,
        })  # fmt: skip
        for key, value in messages:
            producer.produce(ORDERS, value, key)
            producer.poll(0)
        assert producer.flush(30) == 0

    def airflow_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Airflow's own command line, as `make airflow` does."""
        return self.command("supply_chain.stack", "airflow", *arguments)

    def run_dag(self, dag_id: str, params: dict[str, Any] | None = None, within: float = 180) -> str:
        """Trigger a DAG, wait for the end of the run, and return its state."""
        return self.end_of(dag_id, self.airflow.trigger(dag_id, params), within)

    def end_of(self, dag_id: str, run_id: str, within: float = 180) -> str:
        """Wait for the end of a run, and return its state."""
        airflow = self.airflow

        @eventually(within)
        def wait_for_end() -> str:
            state = airflow.run_state(dag_id, run_id)
            assert state in ENDED, f"{dag_id} {run_id} is {state}: {airflow.task_states(dag_id, run_id)}"
            return state

        return wait_for_end()

    def give_up(self, dag_id: str) -> None:
        """End the runs of a DAG that have not ended, those of backfills included."""
        airflow = self.airflow
        for backfill in airflow.call("GET", f"/api/v2/backfills?dag_id={dag_id}")["backfills"]:
            if backfill["completed_at"] is None:
                airflow.call("PUT", f"/api/v2/backfills/{backfill['id']}/cancel")
        runs = f"/api/v2/dags/{dag_id}/dagRuns"

        # Airflow answers with an error where the scheduler changes the run at the same moment.
        @eventually(30, every=1)
        def end_runs() -> None:
            for run in airflow.call("GET", f"{runs}?state=queued&state=running")["dag_runs"]:
                airflow.call("PATCH", f"{runs}/{run['dag_run_id']}", {"state": "failed"})

        end_runs()

    def kill(self, part: str) -> None:
        """Kill a part as a crash would: all its processes at once, without a word to them."""
        pid = Supervisor(self.settings).states()[part]["pid"]
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            each.send_signal(signal.SIGKILL)

    def is_healthy(self) -> bool:
        """Tell whether every part is up and answers."""
        return self.command("supply_chain.stack", "status").returncode == 0


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    """The platform after `make demo`, in a deployment of its own; stopped and removed after the folder's last test.

    Where the demo fails, the tests end at once with what it said: none of those that follow could hold.
    """
    with demonstrated(**CHOSEN) as (settings, demo):
        if demo.returncode:
            pytest.exit(f"make demo failed:\n{demo.stdout}{demo.stderr}\n{errors_in_logs(settings)}", returncode=1)
        yield Platform(settings, demo)


def errors_in_logs(settings: Settings) -> str:
    """Return the last lines that tell of errors in each part's log, which is removed with the deployment."""
    found = []
    for log in sorted(log_dir(settings).rglob("*.log")):
        lines = [line[:300] for line in log.read_text(errors="replace").splitlines() if ERROR.search(line)]
        found += [f"{log.relative_to(log_dir(settings))}: {line}" for line in lines[-3:]]
    return "\n".join(found)


@pytest.fixture
def page_of(platform: Platform) -> Iterator[Callable[[str], Page]]:
    """Gives a page of a real browser, with Airflow open and a user logged in."""
    with chromium() as browser:

        def log_in(user: str) -> Page:
            page = browser.new_page(viewport={"width": 1600, "height": 1300})
            page.goto(platform.settings.airflow_url)
            page.fill("input[name=username]", user)
            page.fill("input[name=password]", platform.settings.password_of(user))
            page.click("[type=submit]")
            page.wait_for_url("**/")
            return page

        yield log_in
