"""A client of Airflow's REST API, for what a start of the whole platform asks of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import requests
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings

DAG_PARSED_WITHIN_SECONDS = 120
ENDED = frozenset({"success", "failed"})
"""States of a run that has ended."""


class RunTimeoutError(RuntimeError):
    """A run takes longer than it may; the message names it and its page."""


def _not_there_yet(error: BaseException) -> bool:
    answer = error.response if isinstance(error, requests.HTTPError) else None
    return answer is not None and answer.status_code in {404, 503}


def page_of_run(settings: Settings, dag_id: str, run_id: str) -> str:
    """Return the address of a run's page, for people."""
    return f"{settings.airflow_page_url}/dags/{dag_id}/runs/{run_id}"


class AirflowApi:
    """Airflow's REST API as the user ``admin``.

    Raises:
        requests.RequestException: Airflow does not answer or refuses; so do all methods.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = settings.airflow_url
        self._settings = settings
        self._session = requests.Session()
        login = {"username": "admin", "password": settings.password_of("admin")}
        token = self.call("POST", "/auth/token", login)["access_token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    @retry(
        stop=stop_after_delay(DAG_PARSED_WITHIN_SECONDS),
        wait=wait_fixed(1),
        retry=retry_if_exception(_not_there_yet),
        reraise=True,
    )
    def trigger(self, dag_id: str, params: dict[str, Any] | None = None) -> str:
        """Start a run of a DAG, waiting for the DAG to be parsed, and return the run's id."""
        body = {"logical_date": None, "conf": params or {}}
        return str(self.call("POST", f"/api/v2/dags/{dag_id}/dagRuns", body)["dag_run_id"])

    def run_state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a run: queued, running, success or failed."""
        return str(self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}")["state"])

    def task_states(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """Return the state of each task of a run, by task id."""
        answer = self.call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances")
        return {task["task_id"]: task["state"] for task in answer["task_instances"]}

    def wait_for_end(
        self, dag_id: str, run_id: str, within_seconds: float, while_waiting: Callable[[], object] = lambda: None
    ) -> str:
        """Wait for the end of a run.

        Args:
            dag_id: the DAG.
            run_id: of :meth:`trigger`.
            within_seconds: how long the run may take.
            while_waiting: called once a second until the run has ended, to show progress.

        Returns:
            ``success`` or ``failed``.

        Raises:
            RunTimeoutError: the run has not ended in time.
        """
        deadline = time.monotonic() + within_seconds
        while (state := self.run_state(dag_id, run_id)) not in ENDED:
            while_waiting()
            if time.monotonic() > deadline:
                raise RunTimeoutError(
                    f"{dag_id} takes longer than {within_seconds:.0f} s: see {self.page(dag_id, run_id)}"
                )
            time.sleep(1)
        return state

    def page(self, dag_id: str, run_id: str) -> str:
        """Return the address of a run's page, as :func:`page_of_run`."""
        return page_of_run(self._settings, dag_id, run_id)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the answer to a request."""
        answer = self._session.request(method, self._url + path, json=body, timeout=30)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result
