"""Files of which nobody reads half: made beside their place, and renamed into it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OWNER_ALONE = 0o600


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """Give a file a new content in one step.

    Args:
        path: the file; its folder is made where it is missing.
        mode: who may read and write it, less what the umask takes away.

    Yields:
        An empty draft to be written. It takes the file's place at the end, and is removed where something is raised.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft_of(path)
    draft.unlink(missing_ok=True)
    draft.touch(mode=mode)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def replace(path: Path, text: str, *, mode: int = 0o644) -> Path:
    """Give a file a new text in one step, as :func:`replacing`, and return its path."""
    with replacing(path, mode=mode) as draft:
        draft.write_text(text, encoding="utf-8")
    return path


def replace_link(link: Path, target: Path) -> None:
    """Have a symbolic link name a target, in one step; what it names already stays."""
    if link.is_symlink() and link.readlink() == target:
        return
    draft = _draft_of(link)
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)


def _draft_of(path: Path) -> Path:
    # By the process: another one may be at the same file.
    return path.with_name(f".{path.name}.{os.getpid()}")
