"""What a person asks of a DAG, read into a model; an error lists every problem, with field, value and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Parameters = TypeVar("Parameters", bound=BaseModel)


class ParametersError(ValueError):
    """Some parameters are unknown or malformed; the message lists all of them."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("not done, because of what was entered:\n  " + "\n  ".join(self.problems))


def parse(model: type[Parameters], asked: Mapping[str, Any]) -> Parameters:
    """Read what a form, a REST call or a command line asks for.

    Args:
        model: the parameters, with their types and bounds.
        asked: parameters by name; None is as good as left out.

    Raises:
        ParametersError: naming each parameter at fault, its value and what is allowed.
    """
    try:
        return model(**{name: value for name, value in asked.items() if value is not None})
    except ValidationError as error:
        raise ParametersError(told(model, error)) from None


def told(model: type[BaseModel], error: ValidationError) -> list[str]:
    """Return the problems that pydantic found, in words: a line for each parameter at fault."""
    # Where a parameter may be of several types, there is an error for each of them.
    alternatives: dict[tuple[str, str], list[str]] = {}
    for item in error.errors():
        place, message = _told(model, item)
        alternatives.setdefault((place, repr(item["input"]) if place else message), []).append(message)
    return [
        f"{place}: {value} {' or '.join(each)}" if place else value for (place, value), each in alternatives.items()
    ]


def bounds(schema: Mapping[str, Any]) -> str:
    """Return the bounds of a number's JSON schema in words, such as ``0.5 to less than 1``; empty where it has none."""
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and (high is not None or below is not None):
        return f"{low:,} to {high:,}" if high is not None else f"{low:,} to less than {below:,}"
    words = [("at least", low), ("more than", above), ("at most", high), ("less than", below)]
    return ", ".join(f"{word} {number:,}" for word, number in words if number is not None)


def _told(model: type[BaseModel], item: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is at fault, and why; where no single parameter is, nothing and a message that names some."""
    message = item["msg"].removeprefix("Value error, ").partition(", unable to parse")[0]
    if not item["loc"]:
        return "", message
    name = str(item["loc"][0])
    if item["type"] == "extra_forbidden":
        return "", f"{name}: there is no such parameter; there are {', '.join(sorted(model.model_fields))}"
    title = model.model_fields[name].title
    return f"{title} ({name})" if title else name, message.replace("Input should be", "should be", 1)
