"""The Flink job of the stream, as a task: there, once, and running."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, BaseOperatorLink
from airflow.sdk.exceptions import AirflowException, AirflowSkipException
from airflow.sdk.execution_time.xcom import XCom

from operators.polling import PollingTrigger
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.sdk import Context
    from airflow.sdk.types import TaskInstanceKey

JOB_ID = "flink_job_id"
"""XCom key of the job's id."""

LOST = "not there any more"
"""State of a job that the JobManager does not know: it was started anew since, and the next try submits the job."""


class FlinkJobLink(BaseOperatorLink):
    """Leads from the task to the job's page in Flink."""

    name = "Flink job"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return the address of the job's page, or an empty text before there is a job."""
        job_id = XCom.get_value(ti_key=ti_key, key=JOB_ID)
        return f"{load_settings().flink_page_url}/#/job/running/{job_id}/overview" if job_id else ""


class FlinkJobStartTrigger(PollingTrigger):
    """Waits until all tasks of a Flink job run, or the job has ended; answers with its state."""

    def __init__(self, *, job_id: str, **waiting: Any) -> None:
        super().__init__(**waiting)
        self.job_id = job_id

    def arguments(self) -> dict[str, Any]:
        """Return the job to wait for."""
        return {"job_id": self.job_id}

    async def poll(self) -> dict[str, Any] | None:
        """Return the job's state once it is decided."""
        return await asyncio.to_thread(self.decided_state)

    def decided_state(self) -> dict[str, str] | None:
        """Look once: the job's state, or None while it starts."""
        from supply_chain.stream.flink_job import JOB_NAME
        from supply_chain.stream.flink_rest import FlinkCluster, FlinkError

        cluster = FlinkCluster(load_settings())
        try:
            if self.job_id not in {job.job_id for job in cluster.jobs(JOB_NAME)}:
                return {"state": LOST}
            job = cluster.job(self.job_id)
        except FlinkError as error:
            # The JobManager may be on its way back; the limit of the wait decides.
            self.log.info("%s", error)
            return None
        return {"state": job.state} if job.tasks_running or job.ended else None


class EnsureFlinkJobOperator(BaseOperator):
    """Submit the stream's Flink job unless it is there, and wait in the triggerer until it runs.

    Returns what was found and done (:class:`supply_chain.stream.repair.Repair` as a mapping).

    Args:
        start_limit: how long the job may take to run.
    """

    operator_extra_links = (FlinkJobLink(),)

    def __init__(self, *, start_limit: timedelta = timedelta(minutes=3), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_limit = start_limit

    def execute(self, context: Context) -> dict[str, str]:
        """See to it that the job is there, and wait for it where it has just been submitted."""
        from supply_chain.stream.repair import StreamStoppedError, repair_flink_job

        try:
            repair, job_id = repair_flink_job(load_settings())
        except StreamStoppedError as stopped:
            raise AirflowSkipException(str(stopped)) from stopped
        context["ti"].xcom_push(key=JOB_ID, value=job_id)
        self.log.info("Flink job %s: found %s; done: %s", job_id, repair.found, repair.done)
        until = datetime.now(UTC) + self.start_limit
        trigger = FlinkJobStartTrigger(job_id=job_id, until=until.isoformat(), poll_seconds=1)
        state = trigger.decided_state()
        if state is None:
            self.defer(trigger=trigger, method_name="started", kwargs={"repair": asdict(repair)})
        return self.started(context, state, asdict(repair))

    def started(self, context: Context, event: dict[str, str] | None, repair: dict[str, str]) -> dict[str, str]:
        """Report, or fail where the job does not run.

        Raises:
            AirflowException: the job has ended, or still starts after ``start_limit``.
        """
        if event is None:
            raise AirflowException(f"the Flink job does not run after {self.start_limit}; its page says what it lacks")
        if event["state"] != "RUNNING":
            raise AirflowException(f"the Flink job is {event['state']}; its page and the JobManager's log say why")
        return repair
