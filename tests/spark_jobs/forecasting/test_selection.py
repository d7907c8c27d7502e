from __future__ import annotations

import pytest

from forecasting.metrics import Errors
from forecasting.selection import choose


def _errors(total, rmsse):
    return Errors(series=1, days=28, actual=100, total_error=total, rmsse=rmsse, rmsse_series=1)


def test_the_default_stays_unless_another_is_better_by_the_margin():
    near = choose([{"a": _errors(10, 1.0), "b": _errors(9.6, 0.97)}], "a")
    far = choose([{"a": _errors(10, 1.0), "b": _errors(9.0, 0.9)}], "a")
    assert (near.model, far.model) == ("a", "b")
    assert "less than 5%" in near.reason
    assert far.reason == "10.0% better than a in 1 windows"
    assert far.scores == {"a": pytest.approx(1), "b": pytest.approx(0.9)}


def test_both_measures_count_and_all_windows():
    # A forecast of zero has a good RMSSE for rare demand and a bad total.
    zero = choose([{"a": _errors(30, 0.6), "zero": _errors(100, 0.5)}], "a")
    once = choose([{"a": _errors(10, 1), "b": _errors(8, 0.8)}, {"a": _errors(10, 1), "b": _errors(13, 1.2)}], "a")
    assert (zero.model, once.model) == ("a", "a")


def test_without_a_window_it_is_the_default():
    assert choose([], "a").model == "a"
    assert choose([{}], "a").model == "a"
    assert choose([{"a": Errors(), "b": Errors()}], "a").model == "a"


def test_a_model_that_is_missing_from_a_window_is_not_chosen():
    assert choose([{"a": _errors(10, 1), "b": _errors(1, 0.1)}, {"a": _errors(10, 1)}], "a").model == "a"
