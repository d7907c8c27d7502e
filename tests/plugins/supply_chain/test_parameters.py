"""What a person asks of a DAG, and what is said where it cannot be done."""

from __future__ import annotations

from typing import Any, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from supply_chain.parameters import ParametersError, bounds, parse


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    days: int = Field(30, ge=1, le=365, title="Days to forecast")
    least: int = 0
    most: int | None = None
    rate: float | Literal["max"] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.most is not None and self.most < self.least:
            raise ValueError(f"most: {self.most} is below least, {self.least}; raise it")
        return self


def test_none_is_as_good_as_left_out():
    assert parse(Asked, {"days": None, "least": "3"}) == Asked(least=3)


def test_every_problem_is_told_at_once_with_title_value_and_bound():
    with pytest.raises(ParametersError) as refused:
        parse(Asked, {"days": 400, "least": "few", "mots": 3})
    assert refused.value.problems == [
        "Days to forecast (days): 400 should be less than or equal to 365",
        "least: 'few' should be a valid integer",
        "mots: there is no such parameter; there are days, least, most, rate",
    ]


def test_a_parameter_of_several_types_is_told_once():
    with pytest.raises(ParametersError) as refused:
        parse(Asked, {"rate": "fast"})
    assert refused.value.problems == ["rate: 'fast' should be a valid number or should be 'max'"]


def test_a_problem_of_several_fields_names_them():
    with pytest.raises(ParametersError, match="most: 1 is below least, 2; raise it"):
        parse(Asked, {"least": 2, "most": 1})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"minimum": 1, "maximum": 1_000}, "1 to 1,000"),
        ({"minimum": 0.5, "exclusiveMaximum": 1}, "0.5 to less than 1"),
        ({"exclusiveMinimum": 0, "maximum": 10}, "more than 0, at most 10"),
        ({"exclusiveMinimum": 0}, "more than 0"),
        ({"minimum": 0}, "at least 0"),
        ({"maximum": 5}, "at most 5"),
        ({}, ""),
    ],
)
def test_bounds_in_words(schema: dict[str, Any], words: str):
    assert bounds(schema) == words
