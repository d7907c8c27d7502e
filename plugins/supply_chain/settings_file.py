"""The settings file: written once with random secrets, and told what a later command line changed.

It is read and written by python-dotenv, so that a value with spaces, quotes or ``#`` reads back as it was given.
"""

from __future__ import annotations

import base64
import io
import os
import re
import secrets
import unicodedata
from pathlib import Path

from dotenv import dotenv_values, set_key, unset_key

from supply_chain.settings import FORMER_NAMES, Settings, SettingsError, absolute, env_file, load_settings

_HEADER = """\
# Settings of this deployment; {documentation} lists all of them. Secrets were made at the first start.
# The environment wins over this file, and `make up` and `make demo` remember here what they were given.
"""

_NEEDS_NO_QUOTES = re.compile(r"[\w.,:/@%+=~*-]*", re.ASCII)


def ensure_env_file(path: Path | None = None) -> Path:
    """Write the settings file where there is none, and add the secrets that it lacks.

    Args:
        path: the settings file; by default the one that this deployment uses.

    Returns:
        The file's path. It is readable by its owner alone.
    """
    path = path or env_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(_HEADER.format(documentation="docs/settings.md"), encoding="utf-8")
    present = {name.upper() for name in _values(path)}
    store(path, {name: _new_secret(name) for name in secret_names() if name not in present})
    return path


def rename_former(path: Path | None = None) -> list[str]:
    """Give the settings of an earlier release the names that they have now, with their values.

    Args:
        path: the settings file; by default the one that this deployment uses.

    Returns:
        What was changed, as sentences for whoever knows the former names.
    """
    path = path or env_file()
    present = {name.upper(): (name, value) for name, value in _values(path).items()} if path.exists() else {}
    told = []
    for former, name in FORMER_NAMES.items():
        if former not in present:
            continue
        spelled, value = present[former]
        if name not in present:
            store(path, {name: value or ""})
            present[name] = name, value
            told.append(f"{path}: {former} is named {name} now, and is the password for Airflow and the dashboards")
        else:
            told.append(f"{path}: {former} is gone; {name} takes its place")
        unset_key(path, spelled)
    return told


def remember(path: Path | None = None) -> dict[str, str]:
    """Store the settings that the environment holds in the settings file, so that later commands agree with this one.

    Args:
        path: the settings file; by default the one that this deployment uses.

    Returns:
        What was changed: name and new value. Secrets are not taken from the environment.

    Raises:
        supply_chain.settings.SettingsError: a setting is unknown or malformed, or its value cannot be stored; nothing
            is stored.
    """
    path = path or env_file()
    settings = load_settings()
    storable = {name.upper() for name in Settings.model_fields} - set(secret_names())
    given = {name: os.environ[name] for name in sorted(storable & set(os.environ))}
    # Stored as resolved: a relative path means the directory of this command, not of the next one.
    values = {name: getattr(settings, name.lower()) for name in given}
    resolved = {name: _resolved(given[name], value) for name, value in values.items()}
    present = {name.upper(): value for name, value in _values(path).items()}
    changed = {name: value for name, value in resolved.items() if present.get(name) != value}
    store(path, changed)
    return changed


def _resolved(given: str, value: object) -> str:
    """Return what is to be stored of a setting."""
    if value is None:
        return ""
    # The folder that was named, where the value is a link to it.
    return str(absolute(given) if isinstance(value, Path) else value)


def stored() -> set[str]:
    """Return the names of the settings that the settings file holds."""
    return {name.upper() for name in _values(env_file())}


def store(path: Path, values: dict[str, str]) -> None:
    """Set values in the settings file; its other lines stay as they are, comments included.

    Args:
        path: the settings file, which exists.
        values: the new values by the names of their settings.

    Raises:
        supply_chain.settings.SettingsError: a line of the file cannot hold a value; nothing is stored.
    """
    quoting = {name: _quoting(path, name, value) for name, value in values.items()}
    text = path.read_text(encoding="utf-8")
    spelled = list(_values(path))
    for name, value in values.items():
        # The names of settings are read without regard to case: a line in lower case is the same setting.
        for key in [each for each in spelled if each.upper() == name] or [name]:
            exported = re.search(rf"^\s*export\s+{key}\b", text, re.MULTILINE) is not None
            # In one step: a kill in the middle never loses a secret.
            set_key(path, key, value, quote_mode=quoting[name], export=exported, follow_symlinks=True)


def _quoting(path: Path, name: str, value: str) -> str:
    """Return how a value is written: ``never`` in quotes, or ``always``.

    Raises:
        SettingsError: neither reads back as the value, in every environment of the platform.
    """
    problem = None
    if re.search(r"[\r\n]", value):
        problem = "holds a line break"
    elif "${" in value:
        problem = "holds `${`, which stands for the value of another variable there"
    elif any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        problem = "holds characters that are no text"
    elif "\\" in value and dotenv_values(stream=io.StringIO(f"{name}={value}"))[name] != value:
        problem = "holds a backslash beside spaces or quotes"
    if problem:
        raise SettingsError(f"{name}: its value {problem}, which {path} cannot keep; choose another value")
    return "never" if _NEEDS_NO_QUOTES.fullmatch(value) or "\\" in value else "always"


def secret_names() -> list[str]:
    """Return the names of the settings that are secrets, in the order of :class:`Settings`."""
    return [name.upper() for name, field in Settings.model_fields.items() if field.is_required()]


def _new_secret(name: str) -> str:
    if name == "AIRFLOW_FERNET_KEY":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    # Airflow signs its tokens with HMAC-SHA512, which wants 64 bytes.
    return secrets.token_urlsafe(64 if name == "AIRFLOW_JWT_SECRET" else 24)


def _values(path: Path) -> dict[str, str | None]:
    """Return what the file says, as :func:`load_settings` reads it."""
    return dotenv_values(path, encoding="utf-8")
