"""Series a second: the job, its start and its backtests included, beside one pair after the other on the driver."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from supply_chain import seed, spark
from supply_chain.database import DATABASE
from supply_chain.forecast_runs import report, runs
from supply_chain.forecast_runs.checking import extent
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.servers import databases
from tests.servers import deployment, environment, running

if TYPE_CHECKING:
    from supply_chain.settings import Settings

COUNT_ORDERS = Path(__file__).with_name("count_orders.sql").read_text(encoding="utf-8")
SAMPLED_PAIRS = Path(__file__).with_name("pairs.sql").read_text(encoding="utf-8")
HORIZON = 30
PAIRS_ONE_BY_ONE = 40
"""Enough to tell: the session is warm from the first one on, and each costs a query and mostly a fit."""


@dataclass(frozen=True)
class Speed:
    """Series and seconds of both ways."""

    series: int
    seconds: float
    slow_series: int
    slow_seconds: float

    @property
    def ratio(self) -> float:
        """How many times the series a second."""
        return (self.series / self.seconds) / (self.slow_series / self.slow_seconds)


def measure(dataset: str | None) -> Speed:
    """Start PostgreSQL and a Spark cluster, count orders into the daily aggregates, and run both ways."""
    chosen = {"DATASET": dataset} if dataset else {}
    with deployment(POSTGRES_SHARED_BUFFERS="256MB", **chosen) as settings, ExitStack() as stack:
        (settings.state_dir / "run").mkdir(mode=0o700)
        os.environ["ENV_FILE"] = environment(settings)["ENV_FILE"]
        stack.enter_context(running("postgres", settings))
        databases.ensure_databases(settings)
        seed.seed(settings)
        _execute(settings, COUNT_ORDERS)
        for part in ("spark-master", "spark-worker"):
            stack.enter_context(running(part, settings))
        return _both(settings)


def _both(settings: Settings) -> Speed:
    cutoff = extent(settings).complete_until
    runs.begin(
        settings, "bench", ForecastParameters(forecast_duration=HORIZON), cutoff, triggered_by="make bench-forecast"
    )
    seconds, _ = _submit(settings, spark.JOBS / "forecast_demand.py", "--run-id", "bench")
    done = report.state(settings, "bench")
    assert done is not None
    assert done.status == "complete"
    pairs = [f"{product}:{retailer}" for product, retailer in _execute(settings, SAMPLED_PAIRS)][:PAIRS_ONE_BY_ONE]
    script = Path(__file__).with_name("one_by_one.py")
    _, said = _submit(settings, script, cutoff.isoformat(), str(HORIZON), *pairs)
    slow = next(line for line in said.splitlines() if line.startswith("seconds="))
    return Speed(done.series_done or 0, seconds, len(pairs), float(slow.removeprefix("seconds=")))


def _submit(settings: Settings, script: Path, *arguments: str) -> tuple[float, str]:
    began = time.monotonic()
    done = subprocess.run(
        spark.submit_command(settings, script, *arguments),
        env={**os.environ, **spark.submit_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return time.monotonic() - began, done.stdout


def _execute(settings: Settings, sql: str) -> list[tuple[int, ...]]:
    with closing(databases.connect_as_superuser(settings, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
