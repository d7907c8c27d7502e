"""The metadata databases of Airflow and Superset: migrated, with their users, when locks or passwords change."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from typing import TYPE_CHECKING

from supply_chain.paths import log_dir
from supply_chain.settings import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from supply_chain.settings import Settings


def migrate(
    settings: Settings,
    application: str,
    *,
    since: Sequence[Path],
    commands: Sequence[Sequence[str]],
    environment: Mapping[str, str],
) -> None:
    """Run what brings an application's metadata up to date, unless it has been run for the same files and passwords.

    Args:
        settings: the deployment.
        application: ``airflow`` or ``superset``; its folder in the state directory remembers for which files it was.
        since: the files that tell one version of the metadata from another.
        commands: command lines, run in this order.
        environment: variables by which the application is configured. The passwords of its users are added, as
            ``SUPPLY_CHAIN_NAME_PASSWORD``: everybody can read command lines.

    Raises:
        subprocess.CalledProcessError: one failed; the log file ``APPLICATION-migrate.log`` says why.
    """
    passwords = {f"SUPPLY_CHAIN_{person.upper()}_PASSWORD": settings.password_of(person) for person in PEOPLE}
    # Keyed, so that nobody learns from the marker whether a password is the one that they think of.
    key = getattr(settings, f"{application}_secret_key").get_secret_value()
    content = [*(path.read_bytes() for path in since), *(password.encode() for password in passwords.values())]
    digest = hmac.new(key.encode(), b"\0".join(content), hashlib.sha256).hexdigest()
    marker = settings.state_dir / application / "migrated"
    if marker.exists() and marker.read_text() == digest:
        return
    marker.parent.mkdir(parents=True, exist_ok=True)
    variables = {**os.environ, **environment, **passwords}
    with (log_dir(settings) / f"{application}-migrate.log").open("ab") as log:
        for command in commands:
            subprocess.run(command, env=variables, stdout=log, stderr=subprocess.STDOUT, check=True)
    marker.write_text(digest)
