"""The form of a DAG, made from the model that its first task reads the parameters into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import Param

from supply_chain.parameters import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

ANYTHING = ("array", "boolean", "integer", "null", "number", "object", "string")


def form(
    model: type[BaseModel],
    *,
    sections: Mapping[str, str] | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Param]:
    """Return a field of the form for each field of a model: its title, what it means, its bounds in words, its default.

    Airflow itself checks only what decides how a field looks. What it refuses it explains by a dump of a JSON schema,
    one field at a time, so the first task has to read the params by :func:`supply_chain.parameters.parse`.

    Args:
        model: the parameters; each field has a ``title``, with its unit, and a ``description``.
        sections: the section of the form, by field; fields without one come first.
        choices: what to choose from, by field: the value, and how the form shows it.

    Returns:
        The ``params`` of the DAG.
    """
    described = model.model_json_schema()
    definitions = described.get("$defs", {})
    defaults = model().model_dump(mode="json")
    # Airflow shows the sections in the order in which they come.
    sections = sections or {}
    ordered = sorted(described["properties"].items(), key=lambda item: item[0] in sections)
    return {
        name: _field(
            [_resolved(kind, definitions) for kind in schema.get("anyOf", [schema])],
            defaults[name],
            title=str(model.model_fields[name].title),
            description=str(model.model_fields[name].description),
            section=sections.get(name),
            choices=(choices or {}).get(name),
        )
        for name, schema in ordered
    }


def _resolved(kind: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = kind.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else kind


def _field(
    kinds: list[Mapping[str, Any]],
    default: Any,
    *,
    title: str,
    description: str,
    section: str | None,
    choices: Mapping[str, str] | None,
) -> Param:
    kind = next(each for each in kinds if each.get("type") != "null")
    looks: dict[str, Any] = {"type": [kind["type"], "null"]}
    if kind["type"] == "array" and choices:
        looks |= {"examples": list(choices), "values_display": dict(choices)}
    elif choices or "enum" in kind:
        offered = list(choices or kind["enum"])
        if default is None:
            looks |= {"enum": [*offered, None], "values_display": {**(choices or {}), "None": "as before"}}
        else:
            looks = {"type": kind["type"], "enum": offered}
            looks |= {"values_display": dict(choices)} if choices else {}
    elif kind["type"] in {"boolean", "integer", "number"}:
        # The first type is that of the field; with several types and no example Airflow shows a box for JSON.
        looks = {"type": [kind["type"], *(each for each in ANYTHING if each != kind["type"])], "examples": [default]}
    elif "format" in kind:
        looks |= {"format": kind["format"]}
    elif kind["type"] == "array" and "$ref" in kind["items"]:
        # Airflow shows a box for JSON, and one line each for plain values.
        looks |= {"items": {"type": "object"}}
    if section:
        looks |= {"section": section}
    sentences = [description]
    if in_words := bounds(kind):
        sentences.append(f"{in_words[0].upper()}{in_words[1:]}.")
    if kind["type"] in {"integer", "number"} and default is not None:
        sentences.append(f"Empty: {default:,}.")
    return Param(default, title=title, description=" ".join(sentences), **looks)
