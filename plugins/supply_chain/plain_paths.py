"""Folders under a path that every program of the platform takes.

A folder may have any name and lie as deep as people like. But supervisord divides a command at a space and fills in
what follows a percent sign, Kafka and Flink divide a list of folders at commas and colons, Java knows no accents where
the locale has none, and a Unix socket's path may have 107 bytes. Quoting for each of them would be a rule in twenty
places; a link with a plain, short path is one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from pathlib import Path

from supply_chain import files

LINKS = Path("/var/tmp")  # noqa: S108 (a folder of its owner's alone is made there, and nobody else's is taken)
"""Where the links are: on every Linux, kept when the machine starts again, and short."""

LONGEST = 75
"""Bytes of a state directory's path; what follows up to the end of the longest socket's path has up to 28."""

_PLAIN = re.compile(r"[\w./@+-]+", re.ASCII)


class PathError(ValueError):
    """A folder's path is one that some program cannot take, and no other could be made."""


def plain(folder: Path) -> Path:
    """Return a folder's path, or that of a link to it where some program could not take its own.

    The link is made, and made again where it was cleared away; the folder too, where there is none.

    Args:
        folder: an absolute path.

    Raises:
        PathError: the link cannot be made.
    """
    if _PLAIN.fullmatch(str(folder)) and len(os.fsencode(folder)) <= LONGEST:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    link = LINKS / f"supply-chain-{os.getuid()}" / digest
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _make_private(link.parent)
        _make_link(link, folder)
    except OSError as error:
        raise PathError(
            f"the path {folder} is too long, or has characters that some program cannot take, and the link {link} that "
            f"would stand for it cannot be made ({error}): choose a folder of letters, digits, `-`, `_` and `.` alone, "
            f"with at most {LONGEST} characters in its path"
        ) from error
    return link


def _make_private(parent: Path) -> None:
    """Make the folder of the links, or see that nobody else can write to it.

    Raises:
        PermissionError: it is another user's, or others may write to it.
    """
    parent.mkdir(mode=0o700, exist_ok=True)
    found = parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{parent} is not a folder of this user alone; remove it")


def _make_link(link: Path, folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        # Programs that clear old files away leave it while the platform is in use.
        os.utime(link, follow_symlinks=False)
    files.replace_link(link, folder)
