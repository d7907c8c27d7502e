"""Superset: the dashboards' server, its metadata database and its users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from supply_chain.database import Role
from supply_chain.paths import module_of, password_file, python_of
from supply_chain.servers import metadata
from supply_chain.servers.databases import SUPERSET, write_password_file
from supply_chain.settings import REPOSITORY, env_file

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

FOLDER = REPOSITORY / "superset"
THREADS = 8
"""Per process: most of a request is waiting for the database."""


def _home(settings: Settings) -> Path:
    return settings.state_dir / "superset"


def prepare(settings: Settings) -> None:
    """Make its folder, and write the password file of the role that reads."""
    _home(settings).mkdir(parents=True, exist_ok=True)
    write_password_file(settings, Role.READER)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables by which Superset is configured."""
    return {
        "ENV_FILE": str(env_file()),
        "FLASK_APP": "superset.app:create_app()",
        # The dashboards' connection has no password in it, so that none can be read from Superset.
        "PGPASSFILE": str(password_file(settings, Role.READER)),
        "PYTHONPATH": f"{REPOSITORY / 'plugins'}:{FOLDER}",
        "SCARF_ANALYTICS": "false",
        "SUPERSET_CONFIG_PATH": str(FOLDER / "superset_config.py"),
        "SUPERSET_HOME": str(_home(settings)),
    }


def command(settings: Settings) -> list[str]:
    """Return the command line of the server, in the foreground."""
    identity = settings.tls_identity
    encryption = ("--certfile", str(identity), "--keyfile", str(identity)) if identity else ()
    return [
        *module_of("superset", "gunicorn"),
        *("--bind", f"{settings.superset_host}:{settings.superset_port}"),
        *("--workers", str(settings.superset_workers), "--worker-class", "gthread", "--threads", str(THREADS)),
        *encryption,
        *("--timeout", "120", "--no-control-socket", "superset.app:create_app()"),
    ]


def prepare_database(settings: Settings) -> None:
    """Migrate the metadata after a change of Superset's lock, and make roles and users.

    Raises:
        subprocess.CalledProcessError: it failed; the log file ``superset-migrate.log`` says why.
    """
    prepare(settings)
    script = FOLDER / "set_up.py"
    metadata.migrate(
        settings,
        SUPERSET,
        since=[FOLDER / "requirements.txt", script],
        commands=[[str(python_of("superset")), str(script)]],
        environment=environment(settings),
    )


def probe(settings: Settings) -> None:
    """Check that Superset answers.

    Raises:
        requests.RequestException: it does not.
    """
    requests.get(f"{settings.superset_url}/health", timeout=5).raise_for_status()
