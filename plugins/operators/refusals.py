"""Errors that no retry can mend."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def final(*errors: type[Exception]) -> Iterator[None]:
    """Fail the task at once where one of these errors is raised: somebody has to decide first.

    Airflow's own retry policies say the same, but import the errors, with all they need, whenever a DAG is parsed.

    Raises:
        AirflowFailException: with the error's message.
    """
    try:
        yield
    except errors as error:
        raise AirflowFailException(str(error)) from error
