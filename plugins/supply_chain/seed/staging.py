"""From the file to staging tables: read, check, copy."""

from __future__ import annotations

import io
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
from psycopg2 import sql
from psycopg2.extras import Json
from pyarrow import csv as arrow_csv

from supply_chain.database import Role, statement, transaction
from supply_chain.orders.event import NO_DEMAND
from supply_chain.seed.source import column_positions, read_blocks
from supply_chain.seed.validation import validate
from supply_chain.seed_parameters import StockPolicy

if TYPE_CHECKING:
    from psycopg2.extensions import cursor

    from supply_chain.seed.source import Source
    from supply_chain.seed.validation import Rejection
    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

DERIVED = ("retailers", "locations", "products", "customers", "order_lines", "inventory")
"""The staging tables that follow from the rows, each from those before it."""


@dataclass(frozen=True)
class StagedCounts:
    """What staging found: rows of the source, and how many of them were not taken; nothing where it is published."""

    source: str
    checksum: str
    row_count: int
    rejected_count: int
    already_published: bool = False


def stage(settings: Settings, source: Source, stock_policy: StockPolicy | None = None) -> StagedCounts:
    """Check every row of a source, and copy good rows and rejections into staging tables, in one transaction.

    A source that is published already is not read again.

    Raises:
        supply_chain.seed.source.SourceError: the file lacks columns.
    """
    positions = column_positions(source)
    with transaction(settings, Role.SEEDER, "seed: stage") as cursor:
        cursor.execute(statement("seed/lock"))
        cursor.execute(statement("seed/create_staging"))
        if published_checksum(cursor) == source.checksum:
            log.info("%s is published already: nothing to stage", source.name)
            return StagedCounts(source.name, source.checksum, 0, 0, already_published=True)
        counts = _stage_rows(cursor, source, positions)
        cursor.execute(statement("seed/keep_rejections"), {"checksum": source.checksum})
        _derive(cursor, stock_policy or StockPolicy())
    log.info("staged %s rows of %s, %s rejected", f"{counts.row_count:,}", source.name, f"{counts.rejected_count:,}")
    return counts


def published_checksum(cursor: cursor) -> str | None:
    """Return the checksum of the source that is published, or None."""
    cursor.execute(statement("seed/published"))
    row = cursor.fetchone()
    return row[1] if row else None


def _stage_rows(cursor: cursor, source: Source, positions: dict[str, int]) -> StagedCounts:
    row_count = rejected_count = 0
    seen: set[int] = set()
    for block in read_blocks(source):
        good, rejections = validate(block, positions, seen)
        _copy(cursor, "source_rows", good.drop(columns=["order_customer_id", "order_item_product_id"]))
        if rejections:
            _copy(cursor, "rejections", _rejection_table(rejections))
        row_count += len(good) + len(rejections)
        rejected_count += len(rejections)
        log.info("checked %s rows, %s rejected", f"{row_count:,}", f"{rejected_count:,}")
    counts = StagedCounts(source.name, source.checksum, row_count, rejected_count)
    recipe = Json(source.recipe) if source.recipe else None
    cursor.execute(statement("seed/record_run"), {**asdict(counts), "recipe": recipe})
    return counts


def _derive(cursor: cursor, stock_policy: StockPolicy) -> None:
    parameters = {**stock_policy.parameters(), "no_demand": sorted(NO_DEMAND)}
    _analyze(cursor, "source_rows")
    for table in DERIVED:
        cursor.execute(statement(f"seed/derive_{table}"), parameters if table == "inventory" else None)
        _analyze(cursor, table)
        log.info("derived %s", table)


def _analyze(cursor: cursor, table: str) -> None:
    """Count values: without, the joins that follow are planned for a handful of rows."""
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("staging", table)))


def _rejection_table(rejections: list[Rejection]) -> pd.DataFrame:
    table = pd.DataFrame(rejections)
    return table.rename(columns={"column": "column_name", "value": "column_value", "raw": "raw_row"})


def _copy(cursor: cursor, table: str, rows: pd.DataFrame) -> None:
    buffer = io.BytesIO()
    # Arrow writes an empty text as "", which COPY tells apart from null.
    arrow_csv.write_csv(pa.Table.from_pandas(rows, preserve_index=False), buffer)
    buffer.seek(0)
    copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER true)").format(
        sql.Identifier("staging", table), sql.SQL(", ").join(map(sql.Identifier, rows.columns))
    )
    cursor.copy_expert(copy, buffer)
