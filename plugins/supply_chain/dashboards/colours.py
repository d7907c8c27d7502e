"""The colours of every page, from ``superset/assets/colours.yaml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

FILE = REPOSITORY / "superset" / "assets" / "colours.yaml"
SCHEME = "supplyChain"

Colour = Annotated[str, Field(pattern=r"^#[0-9A-F]{6}$")]


class Colours(BaseModel):
    """Which colour means what.

    Attributes:
        brand: of links and buttons.
        palette: of what has no colour of its own, in this order.
        good: of a number that is as it should be.
        warning: of a number that somebody should look at.
        bad: of a number that somebody has to act on.
        values: by column and value.
        metrics: by the metric's title.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    brand: Colour
    palette: list[Colour]
    good: Colour
    warning: Colour
    bad: Colour
    values: dict[str, dict[str, Colour]]
    metrics: dict[str, Colour]

    def by_label(self) -> dict[str, str]:
        """Return the colour of each label that a chart can show."""
        return {label: colour for group in (*self.values.values(), self.metrics) for label, colour in group.items()}


def read(file: Path = FILE) -> Colours:
    """Read the file.

    Raises:
        pydantic.ValidationError: the file is wrong; the message names the field.
    """
    return Colours.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
