"""Seeding: write the source to staging tables, audit them, publish them in one transaction.

Rows that do not fit are kept in ``rejected_rows`` with the reason. Publishing happens whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain.seed.publishing import SeedRefusedError, SeedReport, audit, publish
from supply_chain.seed.source import Source, SourceError, prepare_source
from supply_chain.seed.staging import StagedCounts, stage
from supply_chain.seed_parameters import StockPolicy

if TYPE_CHECKING:
    from supply_chain.settings import Settings

__all__ = [
    "SeedRefusedError",
    "SeedReport",
    "Source",
    "SourceError",
    "StagedCounts",
    "StockPolicy",
    "audit",
    "prepare_source",
    "publish",
    "seed",
    "stage",
]


def seed(settings: Settings, *, replace: bool = False, stock_policy: StockPolicy | None = None) -> SeedReport:
    """Seed the database from the source that the settings name.

    Args:
        settings: the deployment.
        replace: whether another source may be replaced.
        stock_policy: from demand to opening stock and reorder levels.

    Raises:
        SourceError: the source cannot be read.
        SeedRefusedError: it must not be published.
    """
    source = prepare_source(settings)
    stage(settings, source, stock_policy)
    audit(settings)
    return publish(settings, replace=replace)
