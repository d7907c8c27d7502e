"""From staging tables to the published ones: audit, then one transaction."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supply_chain.database import Role, statement, transaction
from supply_chain.seed.staging import StagedCounts, published_checksum

if TYPE_CHECKING:
    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings

log = logging.getLogger(__name__)


class SeedRefusedError(RuntimeError):
    """What was staged must not be published, the published tables stand; the message says why and what to do."""


@dataclass(frozen=True)
class SeedReport:
    """What is published: the source, whether this run changed anything, and the rows of each module."""

    source: str
    checksum: str
    changed: bool
    row_counts: dict[str, int] = field(default_factory=dict)
    rejected_count: int = 0


def audit(settings: Settings) -> None:
    """Judge what was staged.

    Raises:
        SeedRefusedError: nothing is left, too large a share of the rows was rejected, or a rule does not hold.
    """
    with transaction(settings, Role.SEEDER, "seed: audit") as cursor:
        run = _staged_run(cursor)
        if run is None:
            log.info("nothing is staged: there is nothing to audit")
            return
        _refuse_too_many_rejections(cursor, run, settings.max_rejected_share)
        cursor.execute(statement("seed/audit"))
        broken = [rule for (rule,) in cursor]
    if broken:
        raise SeedRefusedError(f"{run.source} is not published; these rules do not hold: {'; '.join(broken)}")
    log.info("the audit found nothing against %s", run.source)


def publish(settings: Settings, *, replace: bool = False) -> SeedReport:
    """Put the staged tables in the place of the published ones, in one transaction.

    Args:
        settings: the deployment.
        replace: whether another source may be replaced, with everything that the stream computed from it.

    Returns:
        What is published now. Publishing the same source again changes nothing.

    Raises:
        SeedRefusedError: another source is published and ``replace`` is not given, or the stream runs.
    """
    with transaction(settings, Role.SEEDER, "seed: publish") as cursor:
        cursor.execute(statement("seed/lock"))
        run = _staged_run(cursor)
        published = published_checksum(cursor)
        changed = run is not None and run.checksum != published
        if run is not None and changed:
            if published is not None:
                _make_room(cursor, run, replace=replace)
            cursor.execute(statement("seed/publish"))
            cursor.execute(statement("seed/keep_rejections"), {"checksum": run.checksum})
            cursor.execute(statement("seed/create_staging"))
        report = _report(cursor, changed=changed, rejected_count=run.rejected_count if run else 0)
    log.info("%s: %s", report.source, "published" if report.changed else "it is published already, nothing changed")
    return report


def _staged_run(cursor: cursor) -> StagedCounts | None:
    cursor.execute(statement("seed/staging_exists"))
    if cursor.fetchone() == (False,):
        return None
    cursor.execute(statement("seed/staged_run"))
    row = cursor.fetchone()
    return StagedCounts(*row) if row else None


def _refuse_too_many_rejections(cursor: cursor, run: StagedCounts, highest_share: float) -> None:
    share = run.rejected_count / run.row_count
    if share <= highest_share and run.rejected_count < run.row_count:
        return
    cursor.execute(statement("seed/rejected_reasons"))
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in cursor)
    raise SeedRefusedError(
        f"{run.source} is not published: {run.rejected_count:,} of its {run.row_count:,} rows do not fit "
        f"({share:.1%}, MAX_REJECTED_SHARE is {highest_share:.1%}): {reasons}. "
        f"See rejected_rows where source_checksum is {run.checksum}; repair the file, or raise MAX_REJECTED_SHARE"
    )


def _make_room(cursor: cursor, run: StagedCounts, *, replace: bool) -> None:
    cursor.execute(statement("seed/published"))
    name, checksum, recipe = cursor.fetchone() or ("", "", None)
    if not replace:
        raise SeedRefusedError(
            f"{name} (checksum {checksum[:12]}) is published, {run.source} (checksum {run.checksum[:12]}) is another "
            "source. To replace it with everything computed from it: run stop_order_stream, then seed_database with "
            f"replace; to keep it: {_settings_of(recipe)}"
        )
    cursor.execute(statement("seed/stream_state"))
    state = cursor.fetchone()
    if state is not None and state[0] != "stopped":
        raise SeedRefusedError(f"{name} cannot be replaced while the stream is {state[0]}: run stop_order_stream first")
    cursor.execute(statement("seed/clear"))


def _settings_of(recipe: dict[str, Any] | None) -> str:
    """Say which settings name a source again that is published."""
    if recipe is None:
        return "name it in DATASET again"
    return (
        f"leave DATASET empty, and set ORDERS_PROFILE={recipe['profile']}, GENERATED_ORDERS={recipe['orders']} "
        f"and GENERATOR_SEED={recipe['seed']}"
    )


def _report(cursor: cursor, *, changed: bool, rejected_count: int) -> SeedReport:
    cursor.execute(statement("seed/published"))
    row = cursor.fetchone()
    if row is None:
        raise SeedRefusedError("nothing is staged and nothing is published: run the step before this one again")
    cursor.execute(statement("seed/published_counts"))
    return SeedReport(row[0], row[1], changed, dict(cursor.fetchall()), rejected_count)
