"""The settings file: written once with random secrets, and told what a later command line changed."""

from __future__ import annotations

import base64
import os
import secrets
from typing import TYPE_CHECKING

from supply_chain.settings import Settings, env_file, load_settings

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = """\
# Settings of this deployment; {documentation} lists all of them. Secrets were made at the first start.
# The environment wins over this file, and `make up` and `make demo` remember here what they were given.
"""


def ensure_env_file(path: Path | None = None) -> Path:
    """Write the settings file where there is none, and add the secrets that it lacks.

    Args:
        path: the settings file; by default the one that this deployment uses.

    Returns:
        The file's path. It is readable by its owner alone.
    """
    path = path or env_file()
    present = _names(path)
    missing = [name for name in secret_names() if name not in present]
    if not present:
        _write(path, _HEADER.format(documentation="docs/settings.md"))
    for name in missing:
        _append(path, f"{name}={_new_secret(name)}\n")
    return path


def remember(path: Path | None = None) -> dict[str, str]:
    """Store the settings that the environment holds in the settings file, so that later commands agree with this one.

    Args:
        path: the settings file; by default the one that this deployment uses.

    Returns:
        What was changed: name and new value. Secrets are not taken from the environment.

    Raises:
        supply_chain.settings.SettingsError: a setting is unknown or malformed; nothing is stored.
    """
    path = path or env_file()
    settings = load_settings()
    storable = {name.upper() for name in Settings.model_fields} - set(secret_names())
    given = {name: os.environ[name] for name in sorted(storable & set(os.environ))}
    # Stored as resolved: a relative path means the directory of this command, not of the next one.
    values = {name: getattr(settings, name.lower()) for name in given}
    resolved = {name: "" if value is None else str(value) for name, value in values.items()}
    present = _names(path)
    changed = {name: value for name, value in resolved.items() if present.get(name) != value}
    if changed:
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split("=")[0] not in changed]
        _write(path, "\n".join([*kept, *(f"{name}={value}" for name, value in changed.items())]) + "\n")
    return changed


def secret_names() -> list[str]:
    """Return the names of the settings that are secrets, in the order of :class:`Settings`."""
    return [name.upper() for name, field in Settings.model_fields.items() if field.is_required()]


def _new_secret(name: str) -> str:
    if name == "AIRFLOW_FERNET_KEY":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    # Airflow signs its tokens with HMAC-SHA512, which wants 64 bytes.
    return secrets.token_urlsafe(64 if name == "AIRFLOW_JWT_SECRET" else 24)


def _names(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, so that a kill in the middle never loses a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _append(path: Path, text: str) -> None:
    _write(path, path.read_text(encoding="utf-8") + text)
