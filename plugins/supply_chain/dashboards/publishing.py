"""Bringing Superset to what the files say, and seeing that every chart can be drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supply_chain.dashboards import assets as files
from supply_chain.dashboards import bundle
from supply_chain.dashboards.superset_api import SupersetApi, SupersetError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from supply_chain.dashboards.assets import Assets
    from supply_chain.settings import Settings

KINDS = ("dashboard", "chart", "dataset")
"""In the order in which they can be removed: each before what it shows."""


class PublishError(RuntimeError):
    """Something is not published as it should be; the message says what."""


@dataclass(frozen=True)
class Published:
    """What came out of it.

    Attributes:
        changed: whether anything was imported.
        removed: what was in Superset, and is in no file.
        charts: how many charts' queries were answered.
    """

    changed: bool
    removed: list[str]
    charts: int


def publish(settings: Settings, say: Callable[[str], None], folder: Path = files.ASSETS) -> Published:
    """Publish every dashboard.

    What Superset has of these files already is left alone; what left the files is removed. Things that people made in
    Superset themselves stay: only what was published from files is marked as managed.

    Args:
        settings: where Superset and PostgreSQL are.
        say: told what is done.
        folder: where the files are.

    Raises:
        AssetError: a file is wrong; nothing was changed.
        PublishError: a chart's query has no answer.
        SupersetError: Superset refused.
    """
    assets = files.read(folder)
    files.check(assets)
    built = bundle.build(assets, settings)
    superset = SupersetApi(settings)
    ids = _ids(superset)
    changed = not _is_published(superset, assets, ids, bundle.digest_of(built, assets))
    if changed:
        superset.import_assets(bundle.zipped(built))
        ids = _ids(superset)
        say(f"imported {len(assets.dashboards)} dashboards with {len(assets.charts)} charts")
    else:
        say("Superset has all of it already")
    removed = _remove_others(superset, assets, ids)
    for name in removed:
        say(f"removed {name}, which is in no file any more")
    _ask_every_chart(superset, assets, ids, say)
    return Published(changed, removed, len(assets.charts))


def _ids(superset: SupersetApi) -> dict[str, int]:
    """Return the numbers by which Superset knows what it has, by kind and UUID, e.g. ``chart/4f…``."""
    return {f"{kind}/{each['uuid']}": each["id"] for kind in KINDS for each in superset.every(kind, ["id", "uuid"])}


def _is_published(superset: SupersetApi, assets: Assets, ids: dict[str, int], digest: str) -> bool:
    if not _wanted(assets) <= set(ids):
        return False
    for dashboard in assets.dashboards.values():
        metadata = superset.get(f"dashboard/{dashboard.slug}")["result"]["json_metadata"]
        if json.loads(metadata or "{}").get(bundle.DIGEST) != digest:
            return False
    return True


def _wanted(assets: Assets) -> set[str]:
    return {f"{name.partition('/')[0]}/{uuid}" for name, uuid in assets.uuids.items()}


def _remove_others(superset: SupersetApi, assets: Assets, ids: dict[str, int]) -> list[str]:
    removed = []
    wanted = _wanted(assets)
    for known, number in ids.items():
        if known in wanted:
            continue
        kind = known.partition("/")[0]
        details = superset.get(f"{kind}/{number}")["result"]
        if details.get("is_managed_externally"):
            superset.delete(f"{kind}/{number}")
            name = details.get("dashboard_title") or details.get("slice_name") or details.get("table_name")
            removed.append(f"{kind} {name}")
    return removed


def _ask_every_chart(superset: SupersetApi, assets: Assets, ids: dict[str, int], say: Callable[[str], None]) -> None:
    problems = []
    for name in assets.charts:
        number = ids[f"chart/{assets.uuids[f'chart/{name}']}"]
        try:
            superset.get(f"chart/{number}/data/?force=true")
        except SupersetError as error:
            problems.append(f"{name}.yaml: {error}")
    if problems:
        raise PublishError("\n".join(problems))
    say(f"the queries of {len(assets.charts)} charts are answered")
