"""The former system's way as a Spark job: pairs in turn on the driver, each with its own queries and its own fit.

    spark-submit one_by_one.py CUTOFF HORIZON PRODUCT:RETAILER ...

Prints the seconds that the pairs took, without the start of the session.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings

import cmdstanpy  # noqa: F401 - sets its logger's level when it is imported
from prophet import Prophet
from pyspark.sql import SparkSession
from pyspark.sql import functions as sf

from supply_chain.database import DATABASE, Role
from supply_chain.orders.event import NO_DEMAND
from supply_chain.settings import load_settings

warnings.simplefilter("ignore")
for _name in ("prophet", "cmdstanpy"):
    logging.getLogger(_name).disabled = True


def main() -> None:
    """Forecast the pairs, and print the seconds."""
    cutoff, horizon, *pairs = sys.argv[1:]
    settings = load_settings()
    session = SparkSession.builder.appName("one by one").getOrCreate()
    demand = (
        session.read.format("jdbc")
        .options(
            url=f"jdbc:postgresql://{settings.postgres_host}:{settings.postgres_port}/{DATABASE}",
            driver="org.postgresql.Driver",
            user=Role.FORECASTER.login,
            dbtable="daily_aggregates",
        )
        .load()
        .where((sf.col("ds") < cutoff) & ~sf.col("order_status").isin(sorted(NO_DEMAND)))
    )
    began = time.monotonic()
    for pair in pairs:
        product, retailer = pair.split(":")
        history = (
            demand.where((sf.col("product_id") == product) & (sf.col("retailer_id") == retailer))
            .groupBy("ds")
            .agg(sf.sum("total_item_quantity").cast("double").alias("y"))
            .sort("ds")
        )
        if history.count() < 2:
            continue
        model = Prophet(weekly_seasonality=False, yearly_seasonality=False, daily_seasonality=False)
        model.add_seasonality("monthly", 30.5, 5)
        model.fit(history.toPandas())
        model.predict(model.make_future_dataframe(periods=int(horizon)))
    print(f"seconds={time.monotonic() - began:.2f}")
    session.stop()


if __name__ == "__main__":
    main()
