"""The views that the dashboards read: one file each below ``sql/views``, created again whenever a file changes.

A view holds no data, so that changing one takes no migration: the schema ``dashboards`` is dropped and made from the
files. A migration that changes a column which a view shows drops that schema first.
"""

from __future__ import annotations

import hashlib
import re
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from supply_chain.database import SQL_DIR, Role, statement, transaction

if TYPE_CHECKING:
    from supply_chain.settings import Settings

SCHEMA = "dashboards"
FOLDER = SQL_DIR / "views"


def definitions() -> dict[str, str]:
    """Return the SQL of each view by name, every view after those that it reads."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}
    reads = {name: set(re.findall(rf"\b{SCHEMA}\.(\w+)", text)) & set(texts) - {name} for name, text in texts.items()}
    return {name: texts[name] for name in TopologicalSorter(reads).static_order()}


def ensure_views(settings: Settings) -> bool:
    """Create the views of the files, in one transaction, unless the database has exactly these.

    Returns:
        Whether they were created.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached or refuses a definition; the views are as before.
    """
    views = definitions()
    fingerprint = hashlib.sha256("\n".join(views.values()).encode()).hexdigest()
    with transaction(settings, Role.OWNER, "views") as cursor:
        cursor.execute(statement("databases/views_fingerprint"))
        if cursor.fetchone() == (fingerprint,):
            return False
        cursor.execute(statement("databases/create_views_schema"))
        for definition in views.values():
            cursor.execute(definition)
        cursor.execute(statement("databases/share_views"))
        cursor.execute(statement("databases/keep_views_fingerprint"), {"fingerprint": fingerprint})
    return True
