"""The PostgreSQL cluster: its data directory, roles, databases and the platform's schema."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql
from yoyo import get_backend, read_migrations

from supply_chain import files
from supply_chain.database import DATABASE, SQL_DIR, Role, statement
from supply_chain.paths import password_file
from supply_chain.servers.views import ensure_views

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg2.extensions import connection
    from yoyo.backends import DatabaseBackend

    from supply_chain.settings import Settings

SUPERUSER = "postgres"
AIRFLOW = "airflow"
SUPERSET = "superset"


def data_dir(settings: Settings) -> Path:
    """Return the cluster's data directory."""
    return settings.state_dir / "postgres"


def connect_as_superuser(settings: Settings, database: str = "postgres") -> connection:
    """Open a connection as the role that creates roles and databases, in autocommit.

    Raises:
        psycopg2.OperationalError: PostgreSQL cannot be reached.
    """
    opened = psycopg2.connect(
        host=settings.postgres_host,
        port=settings.postgres_port,
        dbname=database,
        user=SUPERUSER,
        password=settings.postgres_superuser_password.get_secret_value(),
        connect_timeout=5,
    )
    opened.autocommit = True
    return opened


def ensure_databases(settings: Settings) -> None:
    """Create the roles and databases that are missing, set every role's password, and migrate the schema."""
    with closing(connect_as_superuser(settings)) as cluster:
        for role in Role:
            _ensure_role(cluster, role.login, getattr(settings, f"{role.value}_password").get_secret_value())
        _ensure_database(cluster, DATABASE, Role.OWNER.login)
        for application in (AIRFLOW, SUPERSET):
            _ensure_role(cluster, application, getattr(settings, f"{application}_database_password").get_secret_value())
            _ensure_database(cluster, application, application)
    with closing(connect_as_superuser(settings, DATABASE)) as database, database.cursor() as cursor:
        cursor.execute(statement("databases/database_privileges"))
    migrate(settings)
    ensure_views(settings)


def migrate(settings: Settings) -> int:
    """Apply the migrations that the database has not seen, each in its own transaction.

    Returns:
        How many were applied.
    """
    migrations = read_migrations(str(SQL_DIR / "migrations"))
    backend: DatabaseBackend = get_backend(_owner_uri(settings))
    with backend.lock():
        pending = backend.to_apply(migrations)
        backend.apply_migrations(pending)
    return len(pending)


def _owner_uri(settings: Settings) -> str:
    password = settings.owner_password.get_secret_value()
    return f"postgresql://{Role.OWNER.login}:{password}@{settings.postgres_host}:{settings.postgres_port}/{DATABASE}"


def _ensure_role(cluster: connection, name: str, password: str) -> None:
    with cluster.cursor() as cursor:
        cursor.execute(statement("databases/role_exists"), {"name": name})
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        # DDL takes no bound values; psycopg2 quotes the literal. The server's log does not show statements.
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))


def _ensure_database(cluster: connection, name: str, owner: str) -> None:
    with cluster.cursor() as cursor:
        cursor.execute(statement("databases/database_exists"), {"name": name})
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))
        # PostgreSQL lets everybody into a new one.
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM public").format(sql.Identifier(name)))


def write_password_file(settings: Settings, role: Role) -> Path:
    """Write the password of a role to its :func:`password_file`, and return the file's path."""
    path = password_file(settings, role)
    password = getattr(settings, f"{role.value}_password").get_secret_value()
    line = f"{settings.postgres_host}:{settings.postgres_port}:{DATABASE}:{role.login}:{password}\n"
    return files.replace(path, line, mode=files.OWNER_ALONE)
