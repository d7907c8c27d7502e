"""The forecast job on a real cluster, with a real database."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from supply_chain import spark
from supply_chain.database import DATABASE
from supply_chain.forecast_runs import runs
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.servers.databases import connect_as_superuser
from tests.waiting import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

CUTOFF = date(2016, 7, 4)
FIRST_DAY = pd.Timestamp("2015-01-01")
LEVELS = {"total": 1, "category": 4, "product": 12, "retailer": 8, "product_retailer": 97}


class Job:
    """Submits forecasts, and looks at what they leave."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def begin(self, run_id: str, **parameters: Any) -> list[str]:
        """Write the row of a run, and return the command that runs it."""
        runs.begin(self.settings, run_id, ForecastParameters(**parameters), CUTOFF, triggered_by="a test")
        return spark.submit_command(self.settings, spark.JOBS / "forecast_demand.py", "--run-id", run_id)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **spark.submit_environment(self.settings)}

    def run(self, run_id: str, **parameters: Any) -> str:
        """Run a forecast to its end, and return what it said."""
        done = subprocess.run(
            self.begin(run_id, **parameters), env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(connect_as_superuser(self.settings, DATABASE)) as connection:
            cursor = connection.cursor()
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def forecasts(self, run_id: str) -> list[tuple[Any, ...]]:
        return self.query(
            "SELECT level, category_id, product_id, retailer_id, ds, p10, p50, p90, yhat FROM demand_forecasts"
            " WHERE run_id = %s ORDER BY 1, 2, 3, 4, 5",
            run_id,
        )


@pytest.fixture
def job(spark_cluster: Settings, database: Settings, small: pd.DataFrame) -> Job:
    """The job, and demand: what the models' tests have, one pair that is impossible, and what is no demand."""
    rows = small.assign(order_status="COMPLETE")
    canceled = rows[rows["day"] % 10 == 0].assign(quantity=1000, order_status="CANCELED")
    impossible = rows.iloc[:1].assign(product_id=103, retailer_id=9, quantity=-5, order_status="CLOSED")
    wrong_pair = pd.concat([impossible, impossible.assign(day=8, quantity=3)])
    rows = pd.concat([rows, canceled, wrong_pair])
    with contextlib.closing(connect_as_superuser(database, DATABASE)) as connection:
        cursor = connection.cursor()
        for product in range(100, 112):
            cursor.execute(
                "INSERT INTO products VALUES (%s, 'Product ' || %s, %s, 'Category', 1, 'Department', 9.99)",
                (product, product, product % 4),
            )
        for retailer in range(1, 10):
            cursor.execute(
                "INSERT INTO retailers VALUES (%s, 'Store', 'USA', 'PR', 'City ' || %s)", (retailer, retailer)
            )
        lines = StringIO()
        rows.assign(
            ds=(FIRST_DAY + pd.to_timedelta(rows["day"], unit="D")).dt.date,
            quantity=rows["quantity"].astype(int),
            order_lines=1,
            nothing=0,
        )[["ds", "retailer_id", "product_id", "order_status", "order_lines", "quantity", *["nothing"] * 9]].to_csv(
            lines, header=False, index=False
        )
        lines.seek(0)
        cursor.copy_expert("COPY daily_aggregates FROM STDIN (FORMAT csv)", lines)
    return Job(database)


def test_it_publishes_every_level_and_says_how_good_it_is_from_days_before_the_cutoff(job):
    said = job.run("first", forecast_duration=30)
    assert "of 96 series done" in said
    ((status, done, failed, stages, version, horizon),) = job.query(
        "SELECT status, series_done, series_failed, seconds_by_stage, code_version, horizon_days FROM forecast_runs"
    )
    assert (status, done, failed, horizon) == ("complete", 122, 1, 30)
    assert sorted(stages) == ["forecast", "read", "stage", "start"]
    assert len(version) == 12
    assert dict(job.query("SELECT level, count(*) FROM forecast_series GROUP BY level")) == LEVELS
    sums = dict(job.query("SELECT level, sum(yhat) FROM demand_forecasts GROUP BY level"))
    assert len(sums) == 5
    assert sums["total"] > 100
    assert list(sums.values()) == pytest.approx([sums["total"]] * 5, abs=1e-6)
    days = job.query("SELECT level, ds, sum(yhat) FROM demand_forecasts GROUP BY level, ds")
    table = pd.DataFrame(days, columns=["level", "ds", "yhat"]).pivot_table(index="ds", columns="level", values="yhat")
    assert table.index.min() == CUTOFF
    assert len(table) == 30
    assert np.ptp(table.to_numpy(), axis=1).max() < 1e-6
    ((failure, products),) = job.query("SELECT failure, product_id FROM forecast_series WHERE status = 'failed'")
    assert "demand of -5 on 2015-01-" in failure
    assert products == 103
    windows = job.query("SELECT DISTINCT kind, cutoff FROM forecast_accuracy ORDER BY cutoff")
    assert [kind for kind, _ in windows] == ["backtest"] * 3
    assert windows[-1][1] == date(2016, 6, 6)
    ((chosen, without_reason),) = job.query(
        "SELECT count(*), count(*) FILTER (WHERE reason IS NULL) FROM forecast_accuracy"
        " WHERE chosen AND model <> 'champion'"
    )
    assert chosen > 20
    assert without_reason == 0
    assert job.query("SELECT count(*) FROM forecast_staging.series") == [(0,)]
    # What is canceled is no demand: a tenth of the days would have thousands.
    assert sums["total"] < 20_000

    job.query(
        "INSERT INTO daily_aggregates SELECT day::date, 1, 100, 'COMPLETE', 1, 5000, 1, 1, 0, 0, 0, 0, 0, 0, 0"
        " FROM generate_series(%s::date, %s::date + 40, '1 day') AS day",
        CUTOFF,
        CUTOFF,
    )
    job.run("after", forecast_duration=30)
    before, after = job.forecasts("first"), job.forecasts("after")
    assert len(before) == 121 * 30
    assert [row[:5] for row in before] == [row[:5] for row in after]
    # Rows come in another order each time, so that sums of them differ in the last digits; a quantile is a step.
    assert [row[-1] for row in before] == pytest.approx([row[-1] for row in after], abs=1e-6)
    steps = sum(mine[5:8] != theirs[5:8] for mine, theirs in zip(before, after, strict=True))
    assert steps < 0.001 * len(before)


def test_its_parameters_decide(job):
    parameters = {
        "product_ids": [100, 104],
        "retailer_ids": [2],
        "start_date": "2015-06-01",
        "forecast_duration": 10,
        "scenario": "campaign",
        "demand_multiplier": 1.5,
        "demand_changes": [],
        "excluded_statuses": [],
    }
    said = job.run("chosen", **parameters)
    # Days are counted from the window's first one on; before it there is nothing to look at.
    assert "backtests from 2015-12-07, 2016-03-07, 2016-06-06" in said
    ((scenario, baseline, kept),) = job.query("SELECT scenario, is_baseline, parameters FROM forecast_runs")
    assert (scenario, baseline) == ("campaign", False)
    assert {name: kept[name] for name in parameters} == parameters
    assert kept["cutoff"] == CUTOFF.isoformat()
    found = dict(job.query("SELECT level, count(*) FROM forecast_series WHERE status <> 'failed' GROUP BY level"))
    assert found == {"total": 1, "category": 4, "product": 2, "retailer": 1, "product_retailer": 2}
    ((days, total),) = job.query("SELECT count(*), sum(yhat) FROM demand_forecasts WHERE level = 'total'")
    assert days == 10
    # With canceled lines counted, every tenth day has 1000 units of each of the pairs that sold on it.
    assert total > 20_000


def test_a_driver_that_is_killed_leaves_nothing_and_the_next_one_completes_it(job):
    command = job.begin("killed")
    with _started(command, job.environment) as driver:

        @eventually(120, every=0.05)
        def staged_something() -> None:
            assert job.query("SELECT count(*) FROM forecast_staging.series")[0][0] > 0

        staged_something()
        os.killpg(driver.pid, signal.SIGKILL)
        driver.wait(30)
    assert job.query("SELECT status FROM forecast_runs") == [("running",)]
    assert job.query("SELECT count(*) FROM demand_forecasts") == [(0,)]
    assert job.query("SELECT count(*) FROM forecast_series") == [(0,)]
    job.run("killed")
    assert job.query("SELECT status FROM forecast_runs") == [("complete",)]
    assert dict(job.query("SELECT level, count(*) FROM forecast_series GROUP BY level")) == LEVELS
    assert job.query("SELECT count(*) FROM forecast_staging.series") == [(0,)]


def test_a_run_that_nobody_asked_for_and_one_that_is_done(job):
    command = spark.submit_command(job.settings, spark.JOBS / "forecast_demand.py", "--run-id", "nobody")
    refused = subprocess.run(command, env=job.environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "forecast_runs has no run nobody" in refused.stdout + refused.stderr
    command = job.begin("done")
    job.query("UPDATE forecast_runs SET status = 'complete'")
    again = subprocess.run(command, env=job.environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0
    assert "done is complete already" in again.stdout


def test_no_secret_is_told_to_spark(job):
    told = " ".join([*job.begin("secret"), *spark.submit_environment(job.settings).values()])
    secrets = [job.settings.forecaster_password, job.settings.owner_password]
    assert not [secret for secret in secrets if secret.get_secret_value() in told]


@contextlib.contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
