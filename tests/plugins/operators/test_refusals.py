"""Errors that no retry can mend."""

from __future__ import annotations

import pytest
from airflow.sdk.exceptions import AirflowFailException

from operators.refusals import final


def test_named_errors_fail_the_task_at_once_and_in_words(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(AirflowFailException, match="another source") as raised, final(ValueError):
        raise ValueError("another source")
    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None
    assert [record.getMessage() for record in caplog.records] == ["another source"]


def test_other_errors_may_pass() -> None:
    with pytest.raises(ConnectionError), final(ValueError):
        raise ConnectionError
