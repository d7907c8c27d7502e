"""The forecast job as Airflow sees it: its submission, and what is written down when it fails for good."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import BaseOperatorLink

from supply_chain import spark
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context
    from airflow.sdk.types import TaskInstanceKey


class ForecastChartLink(BaseOperatorLink):
    """Leads from a forecast to its charts, narrowed to the products and stores that were asked for."""

    name = "Forecast charts"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return the dashboard's address with its filters set, or an empty text before there is such a forecast."""
        from supply_chain.dashboards import links
        from supply_chain.forecast_runs import runs

        settings = load_settings()
        try:
            return links.forecast(settings, runs.load(settings, ti_key.run_id))
        except runs.ForecastError:
            return ""


class ForecastJobOperator(SparkSubmitOperator):
    """Submits the forecast job, and links to what comes of it."""

    operator_extra_links = (ForecastChartLink(),)


def record_failure(context: Context) -> None:
    """Write down in ``forecast_runs`` that a run has failed, so that nobody waits for it."""
    from supply_chain.forecast_runs import runs

    instance = context["task_instance"]
    runs.fail(
        load_settings(),
        context["dag_run"].run_id,
        f"the task {instance.task_id} failed {instance.try_number} times: {context.get('exception')}; its log says why",
    )


def forecast_job(task_id: str) -> ForecastJobOperator:
    """Return the task that runs ``spark_jobs/forecast_demand.py`` for the DAG's run.

    The job is given the run's id alone; what a person typed stays in the database.
    """
    settings = load_settings()
    options: dict[str, Any] = {"conf": spark.submit_conf(settings), "env_vars": spark.submit_environment(settings)}
    return ForecastJobOperator(
        task_id=task_id,
        application=str(spark.JOBS / "forecast_demand.py"),
        application_args=["--run-id", "{{ dag_run.run_id }}"],
        name="forecast_demand",
        conn_id="spark_default",
        # A backfill has several runs at a time, and one job uses the whole cluster.
        max_active_tis_per_dag=1,
        execution_timeout=timedelta(minutes=30),
        on_failure_callback=record_failure,
        **options,
    )
