"""Seeding: from the CSV to published tables, beside a plain copy of the same CSV into one table."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pandas as pd

from supply_chain import seed
from supply_chain.database import Role, connect
from tests.bench.figure import Figure

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def measure(settings: Settings) -> Figure:
    """Validate, stage, audit and publish; generating the source is not part of it."""
    source = seed.prepare_source(settings)
    lean_seconds, lines = _lean(settings, source.path)
    started = time.perf_counter()
    staged = seed.stage(settings, source)
    seed.audit(settings)
    seed.publish(settings)
    seconds = time.perf_counter() - started
    assert staged.row_count == lines
    return Figure(
        "seeding: validation, audit, publication",
        lines,
        seconds,
        "read the CSV, copy it into one table",
        lines / lean_seconds,
    )


def _lean(settings: Settings, path: str) -> tuple[float, int]:
    started = time.perf_counter()
    frame = pd.read_csv(path, encoding="iso-8859-1", dtype=str)
    columns = ", ".join(f'"{name}" text' for name in frame.columns)
    with closing(connect(settings, Role.SEEDER)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE raw ({columns})")
        with open(path, encoding="iso-8859-1") as file:  # noqa: PTH123 - as short as it gets
            cursor.copy_expert("COPY raw FROM STDIN CSV HEADER", file)
    return time.perf_counter() - started, len(frame)
