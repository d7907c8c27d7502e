"""How right past forecasts were, once their days have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.database import Role, statement, transaction
from supply_chain.forecast_runs.checking import extent

if TYPE_CHECKING:
    from collections.abc import Callable

    from supply_chain.settings import Settings


def score_past(settings: Settings, on_progress: Callable[[str], None]) -> int:
    """Compare every forecast that has not been judged yet with what came, over its first 7 and 28 days.

    The metrics are those of the backtests (``spark_jobs/forecasting/metrics.py``), per level, and per segment and
    model. What-if forecasts are not judged.

    Args:
        settings: the deployment.
        on_progress: takes a line of text about each forecast.

    Returns:
        How many windows were judged.

    Raises:
        supply_chain.forecast_runs.checking.NoHistoryError: there are no data yet.
    """
    complete_until = extent(settings).complete_until
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/windows_to_score"), {"complete_until": complete_until})
        windows = cursor.fetchall()
    for run_id, days in windows:
        # One transaction each: what is judged stays so if the next one is interrupted.
        with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
            cursor.execute(statement("forecast_runs/score_live"), {"run_id": run_id, "horizon_days": days})
        on_progress(f"{run_id}: judged by its first {days} days")
    return len(windows)
