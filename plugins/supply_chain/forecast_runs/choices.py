"""Products and stores by name: for a form that is made without asking the database, and to check what it sends."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from supply_chain import files
from supply_chain.database import Role, statement, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings


@dataclass(frozen=True)
class Choices:
    """Names by id."""

    products: dict[int, str]
    retailers: dict[int, str]
    categories: list[str]


def reference(settings: Settings) -> Choices:
    """Read the names from the database."""
    found: list[dict[int, str]] = []
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        for table in ("products", "retailers"):
            cursor.execute(statement(f"forecast_runs/names_of_{table}"))
            found.append(dict(cursor.fetchall()))
        cursor.execute(statement("forecast_runs/ids_of_categories"))
        categories = sorted({name for name, _ in cursor.fetchall()})
    products, retailers = found
    return Choices(products, retailers, categories)


def remember(settings: Settings) -> None:
    """Write the names down for the form."""
    files.replace(_path(settings), json.dumps(asdict(reference(settings))))


def remembered(settings: Settings) -> Choices:
    """Return the names as they were written down last; none before that."""
    try:
        known = json.loads(_path(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Choices({}, {}, [])
    products, retailers = (
        {int(number): name for number, name in known.get(table, {}).items()} for table in ("products", "retailers")
    )
    return Choices(products, retailers, known.get("categories", []))


def _path(settings: Settings) -> Path:
    return settings.state_dir / "airflow" / "forecast_choices.json"
