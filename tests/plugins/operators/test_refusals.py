"""Errors that no retry can mend."""

from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException

from operators.refusals import final


def test_named_errors_fail_the_task_at_once() -> None:
    with pytest.raises(AirflowFailException, match="another source") as raised, final(ValueError):
        raise ValueError("another source")
    assert isinstance(raised.value.__cause__, ValueError)


def test_other_errors_may_pass() -> None:
    with pytest.raises(ConnectionError), final(ValueError):
        raise ConnectionError
