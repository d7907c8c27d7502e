"""Forecast demand: the job that the DAG ``forecast_demand`` submits to Spark.

    spark-submit forecast_demand.py --run-id RUN_ID

Reads what is asked for from the run's row in ``forecast_runs`` and demand from ``daily_aggregates``, forecasts all
series in buckets of whole categories, and publishes the forecasts and their backtests in one transaction, or nothing.
Readers never see a part of it: executors write to a staging table under the id of this attempt.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import pickle
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sf

from forecasting import pipeline
from forecasting.pipeline import LARGEST_DAILY_DEMAND, SERIES_KEYS
from forecasting.plan import Change, Plan
from supply_chain import demand_distribution
from supply_chain.database import Role, jdbc_url, statement, transaction
from supply_chain.forecast_runs import runs
from supply_chain.forecast_runs.runs import ForecastError, ForecastRun
from supply_chain.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from forecasting.stages import Forecast
    from supply_chain.forecast_runs.parameters import ForecastParameters
    from supply_chain.settings import Settings

log = logging.getLogger("forecast_demand")

BUCKETS_PER_CORE = 4
"""More than one, so that a core which is done early takes another, and progress can be seen."""

STEPS = 3
PROGRESS_SECONDS = 2
STAGED = """
    run_id string, attempt string, level string, category_id int, product_id int, retailer_id int, status string,
    failure string, segment string, model string, yhat array<double>, p10 array<int>, p50 array<int>, p90 array<int>,
    variance_ratio double, level_uncertainty double, total_7_p10 int, total_7_p90 int, total_28_p10 int,
    total_28_p90 int, seasonal_naive array<double>, moving_mean double, rmsse_scale double
"""
STAGED_NAMES = [column.split()[0] for column in STAGED.split(",")]


class Progress:
    """Tells the log and the run's row how many series are done."""

    def __init__(self, buckets: SparkBuckets, settings: Settings, run_id: str) -> None:
        self._buckets, self._settings, self._run_id = buckets, settings, run_id

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Tell how far it is, until the block ends."""
        ended = threading.Event()
        teller = threading.Thread(target=self._tell, args=(ended,), daemon=True)
        teller.start()
        try:
            yield
        finally:
            ended.set()
            teller.join()

    def _tell(self, ended: threading.Event) -> None:
        told = -1
        while not ended.wait(PROGRESS_SECONDS):
            done, total = self._buckets.done, self._buckets.series
            if done != told:
                log.info("%s of %s series done", f"{done:,}", f"{total:,}")
                runs.report_progress(self._settings, self._run_id, done=done, total=total)
                told = done


class SparkBuckets:
    """Demand in buckets on the cluster, each one partition that stays where it is through all steps.

    Args:
        demand: ``day``, ``category_id``, ``product_id``, ``retailer_id``, ``quantity``, one row per series and day.
        run_id: of the forecasts that are written.
        attempt: under which they are staged.
    """

    def __init__(self, demand: DataFrame, run_id: str, attempt: str) -> None:
        session = demand.sparkSession
        pairs = demand.select(*SERIES_KEYS).distinct().groupBy("category_id").count().toPandas()
        self._buckets = session.sparkContext.defaultParallelism * BUCKETS_PER_CORE
        numbers = session.createDataFrame(_spread(pairs, self._buckets))
        self._demand = (
            demand.join(sf.broadcast(numbers), "category_id").repartitionById(self._buckets, sf.col("bucket")).cache()
        )
        self._ids = {"run_id": run_id, "attempt": attempt}
        self._counter = session.sparkContext.accumulator(0)
        self.series = int(pairs["count"].sum())
        self.written: DataFrame | None = None

    @property
    def done(self) -> int:
        """How many series are done, all steps taken together; a step that is repeated counts once more."""
        return int(min(self._counter.value // STEPS, self.series))

    def retailer_days(self) -> pd.DataFrame:
        """Return the demand of each store and day."""
        return self._demand.groupBy("retailer_id", "day").agg(sf.sum("quantity").alias("quantity")).toPandas()

    def collect(self, stage: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Apply a step to every bucket, and bring the results here."""
        given, counter = self._demand.sparkSession.sparkContext.broadcast(arguments), self._counter

        def apply(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
            rows = _joined(batches)
            if rows is not None:
                yield pd.DataFrame({"result": [pickle.dumps(stage(rows, *given.value))]})
                counter.add(_series(rows))

        found = self._demand.mapInPandas(apply, "result binary").collect()
        return [pickle.loads(row.result) for row in found]  # noqa: S301 - pickled by the lines above

    def forecast(self, stage: Callable[..., Forecast], *arguments: Any) -> list[Forecast]:
        """Apply the last step; its rows stay on the cluster, in :attr:`written`, and the rest comes here."""
        given, counter = self._demand.sparkSession.sparkContext.broadcast(arguments), self._counter
        ids = self._ids

        def apply(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
            rows = _joined(batches)
            if rows is not None:
                found = stage(rows, *given.value)
                rest = replace(found, rows=found.rows.iloc[:0])
                yield _staged(found.rows, ids).assign(rest=None)
                yield pd.DataFrame([{**dict.fromkeys(STAGED_NAMES), "rest": pickle.dumps(rest)}])
                counter.add(_series(rows))

        everything = self._demand.mapInPandas(apply, f"{STAGED}, rest binary").cache()
        found = everything.where("rest IS NOT NULL").select("rest").collect()
        self.written = everything.where("rest IS NULL").drop("rest")
        return [pickle.loads(row.rest) for row in found]  # noqa: S301 - pickled by the lines above


def main() -> int:
    """Forecast, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run-id", required=True, help="the row of forecast_runs that says what to forecast")
    run_id = parser.parse_args().run_id
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    log.setLevel(logging.INFO)
    settings = load_settings()
    run = runs.load(settings, run_id)
    if run.status == "complete":
        # An earlier attempt had published everything before it was killed.
        log.info("%s is complete already", run_id)
        return 0
    try:
        forecast(settings, run)
    except ForecastError as error:
        log.error("%s", error)  # noqa: TRY400 - its message says all
        return 1
    return 0


def forecast(settings: Settings, run: ForecastRun) -> None:
    """Make and publish one forecast.

    Raises:
        ForecastError: there is no demand to learn from.
    """
    began = time.monotonic()
    seconds: dict[str, float] = {}

    def stage_done(name: str) -> None:
        seconds[name] = round(time.monotonic() - began - sum(seconds.values()), 2)
        log.info("%s: %.1f s", name, seconds[name])

    plan = _plan(settings, run)
    attempt = uuid.uuid4().hex
    runs.clear_staging(settings, run.run_id)
    with SparkSession.builder.appName(f"forecast_demand {run.run_id}").getOrCreate() as session:
        session.conf.set("spark.sql.shuffle.partitions", session.sparkContext.defaultParallelism * 2)
        stage_done("start")
        demand, impossible = _demand(session, settings, run, plan)
        buckets = SparkBuckets(demand, run.run_id, attempt)
        stage_done("read")
        log.info(
            "%s series of demand, %s that cannot be; cutoff %s, %s days, backtests from %s",
            *(f"{buckets.series:,}", f"{len(impossible):,}", plan.cutoff, plan.horizon),
            ", ".join(str(plan.day(number)) for number in plan.reported) or "none: the history is too short",
        )
        with Progress(buckets, settings, run.run_id).shown():
            result = pipeline.run(buckets, plan)
        stage_done("forecast")
        here = pd.concat([result.series, impossible])
        _write(session.createDataFrame(_staged(here, {"run_id": run.run_id, "attempt": attempt}), STAGED), settings)
        if buckets.written is not None:
            _write(buckets.written, settings)
        stage_done("stage")
        application = session.sparkContext.applicationId
    runs.publish(
        settings,
        run.run_id,
        attempt,
        _without_nan(result.accuracy),
        {"seconds_by_stage": seconds, "code_version": _code_version(), "spark_application": application},
    )
    log.info("published after %.1f s", time.monotonic() - began)


def _plan(settings: Settings, run: ForecastRun) -> Plan:
    parameters = run.parameters
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(
            statement("forecast_runs/history"),
            {
                "cutoff": run.cutoff,
                "train_from": parameters.start_date,
                "excluded_statuses": parameters.excluded_statuses,
            },
        )
        (first_day,) = cursor.fetchone() or (None,)
    if first_day is None:
        raise ForecastError(
            f"there is no demand before the cutoff {run.cutoff} from start_date {parameters.start_date} on: choose a "
            "later cutoff or an earlier start_date"
        )
    return Plan(
        # A window that is asked for begins where it was asked to, sales or not.
        first_day=parameters.start_date or first_day,
        cutoff=run.cutoff,
        horizon=parameters.forecast_duration,
        changes=_changes(settings, parameters),
        product_ids=frozenset(parameters.product_ids),
        retailer_ids=frozenset(parameters.retailer_ids),
    )


def _changes(settings: Settings, parameters: ForecastParameters) -> tuple[Change, ...]:
    """Return what a what-if changes; a change that names what is not known any more changes nothing."""
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/ids_of_categories"))
        categories = dict(cursor.fetchall())
    everything = [] if parameters.demand_multiplier == 1 else [Change(parameters.demand_multiplier)]
    changes = []
    for asked in parameters.demand_changes:
        named = {
            "product_id": asked.product,
            "category_id": None if asked.category is None else categories.get(asked.category, -1),
            "retailer_id": asked.store,
        }
        keys = tuple((name, int(number)) for name, number in named.items() if number is not None)
        changes.append(Change(asked.multiplier, asked.first_day, asked.last_day, keys))
    return (*everything, *changes)


def _demand(session: SparkSession, settings: Settings, run: ForecastRun, plan: Plan) -> tuple[DataFrame, pd.DataFrame]:
    """Return what can be demand, and rows of ``forecast_series`` for the pairs whose numbers cannot be."""
    excluded = list(run.parameters.excluded_statuses)
    demand = (
        # The conditions are Spark's, which hands them to PostgreSQL.
        _read(session, settings, "daily_aggregates", plan)
        .where((sf.col("ds") >= sf.lit(plan.first_day)) & (sf.col("ds") < sf.lit(plan.cutoff)))
        .where(~sf.col("order_status").isin(excluded))
        .groupBy("ds", "retailer_id", "product_id")
        .agg(sf.sum("total_item_quantity").cast("double").alias("quantity"))
        .join(sf.broadcast(_read(session, settings, "products").select("product_id", "category_id")), "product_id")
        .withColumn("day", sf.datediff("ds", sf.lit(plan.first_day)))
        .drop("ds")
        .cache()
    )
    wrong = demand.where(~sf.col("quantity").between(0, LARGEST_DAILY_DEMAND))
    found = wrong.toPandas()
    keys = ["product_id", "retailer_id"]
    possible = demand.join(sf.broadcast(wrong.select(*keys).distinct()), keys, "left_anti") if len(found) else demand
    return possible.where("quantity > 0"), pipeline.failed_series(found, plan)


def _read(session: SparkSession, settings: Settings, table: str, plan: Plan | None = None) -> DataFrame:
    reader = session.read.format("jdbc").options(**_database(settings), dbtable=table, fetchsize=10_000)
    if plan is not None:
        bounds = {"lowerBound": str(plan.first_day), "upperBound": str(plan.cutoff)}
        reader = reader.options(partitionColumn="ds", numPartitions=session.sparkContext.defaultParallelism, **bounds)
    return reader.load()


def _write(rows: DataFrame, settings: Settings) -> None:
    options = {**_database(settings), "dbtable": "forecast_staging.series", "batchsize": "1000"}
    rows.write.format("jdbc").options(**options).mode("append").save()


def _database(settings: Settings) -> dict[str, str]:
    """Return where the database is; the driver finds the password in the file that PGPASSFILE names."""
    return {
        "url": jdbc_url(settings, {"reWriteBatchedInserts": "true", "ApplicationName": "forecast_demand"}),
        "driver": "org.postgresql.Driver",
        "user": Role.FORECASTER.login,
    }


def _spread(pairs: pd.DataFrame, buckets: int) -> pd.DataFrame:
    """Give every category a bucket, the largest first, each to the one that has least."""
    filled = [0] * buckets
    numbers = {}
    for category, count in pairs.sort_values(["count", "category_id"], ascending=[False, True]).itertuples(index=False):
        numbers[int(category)] = filled.index(min(filled))
        filled[numbers[int(category)]] += int(count)
    return pd.DataFrame({"category_id": list(numbers), "bucket": list(numbers.values())}, dtype="int32")


def _staged(rows: pd.DataFrame, ids: dict[str, str]) -> pd.DataFrame:
    """Return forecasts with all the columns of the staging table, missing values as None."""
    complete = rows.assign(**ids).reindex(columns=STAGED_NAMES).astype(object)
    return complete.where(complete.notna(), None)


def _joined(batches: Iterable[pd.DataFrame]) -> pd.DataFrame | None:
    """Return the rows of a bucket, or None where it is empty: few categories do not fill all of them."""
    parts = [batch for batch in batches if len(batch)]
    return pd.concat(parts) if parts else None


def _series(rows: pd.DataFrame) -> int:
    return len(rows[list(SERIES_KEYS)].drop_duplicates())


def _without_nan(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object)
    return cast("list[dict[str, Any]]", plain.where(plain.notna(), None).to_dict("records"))


def _code_version() -> str:
    """Return a checksum of the code that makes the forecasts."""
    folder = Path(__file__).parent
    files = [Path(__file__), Path(demand_distribution.__file__), *sorted((folder / "forecasting").glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
