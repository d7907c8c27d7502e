"""Forms made from models: titles, bounds in words, and wrong values that are left to the first task to explain."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (pydantic reads the annotation)
from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from operators.params import form


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(30, ge=1, le=365, title="Days to forecast", description="How far to look ahead.")
    share: float | None = Field(None, ge=0.5, lt=1, title="Service level (0 to 1)", description="Chance to deliver.")
    replace: bool = Field(False, title="Replace what is there", description="Delete it first.")
    since: date | None = Field(None, title="First day", description="Where to begin.")
    colour: Colour = Field(Colour.RED, title="Colour", description="Of the shelf.")
    name: str = Field("none", pattern="^[a-z]+$", title="Name", description="Small letters.")
    stores: list[int] = Field(default_factory=list, title="Stores", description="Which.")


@pytest.fixture
def schemas() -> dict[str, Any]:
    params = form(Asked, sections={"days": "When"}, choices={"stores": {"3": "Caguas (3)"}})
    return {
        name: {"value": param.value, "description": param.description, **param.schema} for name, param in params.items()
    }


def test_fields_have_titles_and_sections(schemas):
    titles = {name: schema["title"] for name, schema in schemas.items()}
    assert titles == {name: field.title for name, field in Asked.model_fields.items()}
    assert [name for name, schema in schemas.items() if schema.get("section")] == ["days"]
    # Airflow shows the sections in the order in which they come.
    assert list(schemas) == [*(name for name in Asked.model_fields if name != "days"), "days"]


def test_bounds_and_defaults_are_said_in_words(schemas):
    assert schemas["days"]["description"] == "How far to look ahead. 1 to 365. Empty: 30."
    assert schemas["share"]["description"] == "Chance to deliver. 0.5 to less than 1."


def test_the_first_type_decides_the_field(schemas):
    """Airflow shows a box for JSON where there are several types but null, no choice and no example."""
    first = {
        name: schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
        for name, schema in schemas.items()
    }
    assert first == {
        "days": "integer", "share": "number", "replace": "boolean", "since": "string", "colour": "string",
        "name": "string", "stores": "array",
    }  # fmt: skip
    for schema in schemas.values():
        several = isinstance(schema["type"], list) and len([kind for kind in schema["type"] if kind != "null"]) > 1
        assert not several or isinstance(schema.get("examples"), list)
    assert schemas["since"]["format"] == "date"
    assert schemas["colour"]["enum"] == ["red", "blue"]
    assert schemas["stores"]["values_display"] == {"3": "Caguas (3)"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("days", 0), ("days", "many"), ("days", 1.5), ("days", None), ("share", 98), ("share", "high"), ("name", "+20 %"),
     ("name", None), ("replace", "yes"), ("since", None), ("stores", None)],
)  # fmt: skip
def test_airflow_leaves_the_judgement_to_the_first_task(name, value):
    assert form(Asked)[name].resolve(value) == value
