"""Connections to the platform's database by role, and the statements kept beside the code."""

from __future__ import annotations

from contextlib import closing, contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg2.extensions import connection, cursor

    from supply_chain.settings import Settings

DATABASE = "supply_chain"
SQL_DIR = Path(__file__).parent / "sql"


class Role(StrEnum):
    """The PostgreSQL roles; each may do its own job and nothing else (``sql/migrations``)."""

    OWNER = "owner"
    SEEDER = "seeder"
    PRODUCER = "producer"
    STREAM = "stream"
    OPERATOR = "operator"
    FORECASTER = "forecaster"
    READER = "reader"

    @property
    def login(self) -> str:
        """The role's name in PostgreSQL."""
        return f"{DATABASE}_{self.value}"


def connect(settings: Settings, role: Role, *, application: str = "supply_chain") -> connection:
    """Open a connection to the platform's database.

    Args:
        settings: where PostgreSQL is, and the role's password.
        role: as whom to connect.
        application: what ``pg_stat_activity`` shows.

    Returns:
        A connection in UTC, with autocommit off.

    Raises:
        psycopg2.OperationalError: PostgreSQL cannot be reached or refuses the role.
    """
    # Not at module level: the interpreters of Flink and Superset import this module without the driver.
    import psycopg2

    return psycopg2.connect(
        host=settings.postgres_host,
        port=settings.postgres_port,
        dbname=DATABASE,
        user=role.login,
        password=getattr(settings, f"{role.value}_password").get_secret_value(),
        application_name=application,
        connect_timeout=10,
        options="-c timezone=UTC",
    )


@contextmanager
def transaction(
    settings: Settings, role: Role, application: str, *, cursor_factory: type[cursor] | None = None
) -> Iterator[cursor]:
    """Open a connection for one transaction: it is committed at the end, or rolled back where something is raised.

    Args:
        settings: where PostgreSQL is, and the role's password.
        role: as whom to connect.
        application: what ``pg_stat_activity`` shows.
        cursor_factory: psycopg2's class of the cursor, where rows are to be more than tuples.

    Yields:
        The transaction's cursor.

    Raises:
        psycopg2.Error: PostgreSQL cannot be reached, or refuses the role or a statement.
    """
    with (
        closing(connect(settings, role, application=application)) as opened,
        opened,
        opened.cursor(cursor_factory=cursor_factory) as yielded,
    ):
        yield yielded


def jdbc_url(settings: Settings, options: dict[str, str]) -> str:
    """Return the address of the platform's database for Java, without a password: the driver reads ``PGPASSFILE``.

    Args:
        settings: where PostgreSQL is, and the certificate by which it is known.
        options: of the driver; its names are not libpq's.
    """
    if settings.tls_authority:
        options = {**options, "sslmode": "verify-full", "sslrootcert": str(settings.tls_authority)}
    return f"jdbc:postgresql://{settings.postgres_host}:{settings.postgres_port}/{DATABASE}?{urlencode(options)}"


@cache
def statement(name: str) -> str:
    """Return the SQL text of ``sql/<name>.sql``.

    Args:
        name: path below ``sql/`` without the ending, e.g. ``seed/publish``.

    Raises:
        FileNotFoundError: no such statement.
    """
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
