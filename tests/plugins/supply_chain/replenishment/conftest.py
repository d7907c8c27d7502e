"""A seeded database with counted orders and a forecast that is complete, as the stream and the job leave them."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.database import DATABASE, Role, connect
from supply_chain.orders.event import NO_DEMAND
from supply_chain.servers.databases import connect_as_superuser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings

HORIZON = 30


@contextmanager
def all_powerful(settings: Settings) -> Iterator[cursor]:
    """A cursor that may do anything, to set the scene; each statement is its own transaction."""
    with closing(connect_as_superuser(settings, DATABASE)) as connection, connection.cursor() as cursor:
        yield cursor


def read(settings: Settings, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def write_forecast(settings: Settings, run_id: str = "baseline", *, baseline: bool = True, status: str = "complete"):
    """Forecast every pair by what it sold a day, the first pair as stopped and the second as failed."""
    with all_powerful(settings) as cursor:
        cursor.execute(
            "INSERT INTO forecast_runs (run_id, status, scenario, is_baseline, cutoff, horizon_days, parameters,"
            " triggered_by, finished_at) SELECT %s, %s, 'baseline', %s, max(ds) + 1, %s, jsonb_build_object("
            "'service_level', 0.95, 'excluded_statuses', %s), 'test', clock_timestamp() FROM daily_aggregates",
            (run_id, status, baseline, HORIZON, sorted(NO_DEMAND)),
        )
        cursor.execute(
            "WITH pair AS (SELECT retailer_id, product_id, row_number() OVER (ORDER BY retailer_id, product_id) AS n,"
            " 20 * sold_quantity / (SELECT max(ds) - min(ds) + 1 FROM daily_aggregates)::float AS rate FROM inventory)"
            "INSERT INTO forecast_series (run_id, level, product_id, retailer_id, status, yhat, p10, p50, p90,"
            " variance_ratio, level_uncertainty) SELECT %s, 'product_retailer', product_id, retailer_id,"
            " CASE n WHEN 1 THEN 'stopped' WHEN 2 THEN 'failed' ELSE 'ok' END,"
            " CASE n WHEN 1 THEN array_fill(0.0::float, ARRAY[%s]) WHEN 2 THEN '{}'"
            " ELSE array_fill(rate, ARRAY[%s]) END, p, p, p, nullif(1.4, n), 0.1 FROM pair, LATERAL (SELECT"
            " CASE n WHEN 2 THEN '{}' ELSE array_fill(0, ARRAY[%s]) END AS p) AS q",
            (run_id, HORIZON, HORIZON, HORIZON),
        )


def count_everything(settings: Settings) -> None:
    """Leave the tables as the stream does once every order line is sent and counted."""
    with all_powerful(settings) as cursor:
        cursor.execute(
            "INSERT INTO daily_aggregates SELECT order_date::date, retailer_id, product_id, order_status, count(*),"
            " sum(quantity), sum(sales), sum(profit), sum(real_shipping_days), sum(scheduled_shipping_days),"
            " sum(late_delivery_risk), 0, 0, 0, 0 FROM order_lines GROUP BY 1, 2, 3, 4"
        )
        cursor.execute(
            "UPDATE inventory SET sold_quantity = demand.quantity FROM (SELECT retailer_id, product_id, sum(quantity)"
            " AS quantity FROM order_lines WHERE order_status <> ALL(%s) GROUP BY 1, 2) AS demand"
            " WHERE inventory.retailer_id = demand.retailer_id AND inventory.product_id = demand.product_id",
            (sorted(NO_DEMAND),),
        )
        cursor.execute(
            "INSERT INTO kafka_sent (topic, source_checksum, last_position, lines_acknowledged, state,"
            " lines_per_second) SELECT 'orders', '', max(position), max(position), 'finished', 0 FROM order_lines"
        )


@pytest.fixture
def counted(seeded: Settings) -> Settings:
    """Every order line is sent and counted."""
    count_everything(seeded)
    return seeded


@pytest.fixture
def forecast(counted: Settings) -> Settings:
    """A forecast of every pair is complete."""
    write_forecast(counted)
    return counted
