"""The runs of the forecast: one row in ``forecast_runs`` each, from its parameters to its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supply_chain.database import Role, statement, transaction
from supply_chain.forecast_runs.parameters import ForecastParameters

if TYPE_CHECKING:
    from datetime import date

    from supply_chain.settings import Settings


class ForecastError(RuntimeError):
    """A forecast cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class ForecastRun:
    """One forecast that was asked for.

    Attributes:
        run_id: that of the DAG's run.
        status: running, complete or failed.
        cutoff: first day of the forecast.
        parameters: what was asked for, complete.
    """

    run_id: str
    status: str
    cutoff: date
    parameters: ForecastParameters


def begin(settings: Settings, run_id: str, parameters: ForecastParameters, cutoff: date, *, triggered_by: str) -> None:
    """Write down what was asked for; a run that begins again forgets what became of it before.

    Args:
        settings: the deployment.
        run_id: that of the DAG's run.
        parameters: checked (:mod:`supply_chain.forecast_runs.checking`).
        cutoff: first day of the forecast.
        triggered_by: who or what asked.
    """
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(
            statement("forecast_runs/begin_run"),
            {
                "run_id": run_id,
                "scenario": parameters.scenario,
                "is_baseline": parameters.is_baseline,
                "cutoff": cutoff,
                "horizon_days": parameters.forecast_duration,
                "train_from": parameters.start_date,
                "parameters": parameters.model_copy(update={"cutoff": cutoff}).model_dump_json(),
                "triggered_by": triggered_by,
                "demand_in_words": parameters.demand_in_words,
            },
        )


def load(settings: Settings, run_id: str) -> ForecastRun:
    """Read what a run was asked for.

    Raises:
        ForecastError: there is no such run.
    """
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/load_run"), {"run_id": run_id})
        row = cursor.fetchone()
    if row is None:
        raise ForecastError(f"forecast_runs has no run {run_id}: trigger the DAG forecast_demand, which writes its row")
    return ForecastRun(run_id, row[0], row[1], ForecastParameters.model_validate(row[2]))


def report_progress(settings: Settings, run_id: str, *, done: int, total: int) -> None:
    """Write down how many series are done."""
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/report_progress"), {"run_id": run_id, "done": done, "total": total})


def fail(settings: Settings, run_id: str, message: str) -> None:
    """Write down that a run has failed, unless it is complete."""
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/fail_run"), {"run_id": run_id, "failure": message})


def publish(
    settings: Settings, run_id: str, attempt: str, accuracy: list[dict[str, Any]], summary: dict[str, Any]
) -> None:
    """Publish what an attempt has staged, in one transaction: from then on the run is complete.

    Args:
        settings: the deployment.
        run_id: the run.
        attempt: under which its series are staged.
        accuracy: rows of ``forecast_accuracy`` without the run's id.
        summary: ``seconds_by_stage``, ``code_version`` and ``spark_application`` of ``forecast_runs``.

    Raises:
        ForecastError: nothing is staged under this attempt.
    """
    told = {**summary, "seconds_by_stage": json.dumps(summary["seconds_by_stage"])}
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/publish_series"), {"run_id": run_id, "attempt": attempt})
        if cursor.rowcount <= 0:
            raise ForecastError(f"{run_id}: attempt {attempt} has staged nothing; run the task again")
        cursor.executemany(statement("forecast_runs/publish_accuracy"), [{"run_id": run_id, **row} for row in accuracy])
        cursor.execute(statement("forecast_runs/clear_staging"), {"run_id": run_id})
        cursor.execute(statement("forecast_runs/complete_run"), {"run_id": run_id, **told})
        cursor.execute(statement("forecast_runs/analyze_series"))


def clear_staging(settings: Settings, run_id: str) -> None:
    """Forget what earlier attempts at a run have staged."""
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/clear_staging"), {"run_id": run_id})
