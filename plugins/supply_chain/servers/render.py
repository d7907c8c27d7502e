"""Configuration templates: ``${NAME}`` filled in from the settings."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from supply_chain import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def render(template: Path, target: Path, values: Mapping[str, object], *, then: Sequence[Path] = ()) -> Path:
    """Fill in a template and write the result, readable by its owner alone.

    Args:
        template: text with ``${NAME}`` where a value belongs.
        target: the file to write.
        values: every name that the templates use.
        then: templates whose text follows.

    Returns:
        The written file's path.

    Raises:
        KeyError: a template uses a name that ``values`` lacks.
    """
    text = "".join(Template(each.read_text(encoding="utf-8")).substitute(values) for each in (template, *then))
    return files.replace(target, text, mode=files.OWNER_ALONE)
