"""Errors that no retry can mend."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from airflow.sdk.exceptions import AirflowFailException

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)


@contextmanager
def final(*errors: type[Exception]) -> Iterator[None]:
    """Fail the task at once where one of these errors is raised: somebody has to decide first.

    The message goes to the task's log by itself, since Airflow then writes it once more amid a trace of its own.
    Airflow's own retry policies say the same, but import the errors, with all they need, whenever a DAG is parsed.

    Raises:
        AirflowFailException: with the error's message.
    """
    try:
        yield
    except errors as error:
        log.error("%s", error)  # noqa: TRY400 (the trace says nothing to whoever has to decide)
        raise AirflowFailException(str(error)) from None
