"""What the stream is told to do: the one row of ``stream_control``, which order producer and DAGs obey."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date  # noqa: TC003 (pydantic reads the annotation)
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from supply_chain import parameters
from supply_chain.database import Role, statement, transaction
from supply_chain.settings import ReplayRate  # noqa: TC001 (pydantic reads the annotation)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from psycopg2.extensions import cursor

    from supply_chain.settings import Settings

LOCK_TIMEOUT_SECONDS = 180
"""How long to wait for another actor that starts or stops the Flink job: longer than either takes."""


class DesiredState(StrEnum):
    """What the stream is to do."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class StreamControl:
    """The row of ``stream_control``.

    ``replay_rate`` is in order lines a second, None = as fast as possible; ``history_until`` None = 30 days before the
    last order line that was seeded.
    """

    desired_state: DesiredState
    replay_rate: float | None
    history_until: date | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class PublishedSource:
    """The source whose order lines are replayed."""

    name: str
    checksum: str
    order_lines: int


class StreamParameters(BaseModel):
    """The params of the DAG ``order_stream``: what a person may tell the stream; None leaves it as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    desired_state: Literal[DesiredState.RUNNING, DesiredState.PAUSED] = Field(
        DesiredState.RUNNING,
        title="What the stream does",
        description="While the stream is paused, the producer sends nothing, and Flink counts what was sent before.",
    )
    replay_rate: ReplayRate | None = Field(
        None,
        title="Order lines a second",
        description="Rate at which the producer sends order lines after the history. Empty: unchanged.",
    )
    as_fast_as_possible: bool = Field(
        False,
        title="As fast as possible",
        description="Send the seeded order lines without a limit. Leave the rate empty.",
    )
    history_until: date | None = Field(
        None,
        title="End of the history",
        description="The producer sends order lines before this day at once. Empty: unchanged.",
    )

    @model_validator(mode="after")
    def _one_rate(self) -> Self:
        if self.as_fast_as_possible and self.replay_rate not in {None, "max"}:
            raise ValueError(
                f"replay_rate: {self.replay_rate} is a limit, and as_fast_as_possible asks for none; give one of them"
            )
        return self


class StopParameters(BaseModel):
    """The params of the DAG ``stop_order_stream``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wait_seconds: int = Field(
        600,
        ge=0,
        le=7200,
        title="Longest wait, in seconds",
        description="Maximum time until the stream has counted everything that was sent. It counts the rest after "
        "the next start.",
    )


def read(settings: Settings) -> StreamControl | None:
    """Return what the stream has been told to do, or None where it was never told anything."""
    with transaction(settings, Role.OPERATOR, "stream control") as cursor:
        return read_control(cursor)


def change(
    settings: Settings,
    *,
    desired_state: DesiredState,
    changed_by: str,
    replay_rate: ReplayRate | None = None,
    history_until: date | None = None,
) -> StreamControl:
    """Tell the stream what to do.

    Args:
        settings: the deployment; its replay rate and end of history hold where the stream was never told others.
        desired_state: what to do.
        changed_by: who says so, for people.
        replay_rate: order lines a second or ``max``; None leaves it as it is.
        history_until: first day that is not sent at once; None leaves it as it is.

    Returns:
        What holds now. Telling it what it does already changes nothing.
    """
    with transaction(settings, Role.OPERATOR, "stream control") as cursor:
        present = read_control(cursor)
        kept_rate = present.replay_rate if present else _lines_per_second(settings.replay_rate)
        kept_history = present.history_until if present else settings.history_until
        cursor.execute(
            statement("stream/change_control"),
            {
                "desired_state": desired_state,
                "replay_rate": kept_rate if replay_rate is None else _lines_per_second(replay_rate),
                "history_until": history_until or kept_history,
                "changed_by": changed_by,
            },
        )
        return cast("StreamControl", read_control(cursor))


def begin(settings: Settings, *, changed_by: str) -> StreamControl:
    """Return what the stream has been told, and tell it to run where it was never told anything."""
    return read(settings) or change(settings, desired_state=DesiredState.RUNNING, changed_by=changed_by)


def parse(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what a person asked for into arguments of :func:`change`.

    Args:
        params: by the names of :class:`StreamParameters`; the rate as a number, as numeric text, or ``max``.

    Raises:
        supply_chain.parameters.ParametersError: naming each param at fault, its value, and what is allowed.
    """
    asked = parameters.parse(StreamParameters, params)
    return {
        "desired_state": asked.desired_state,
        "replay_rate": "max" if asked.as_fast_as_possible else asked.replay_rate,
        "history_until": asked.history_until,
    }


def published_source(settings: Settings) -> PublishedSource | None:
    """Return the source that was seeded, or None before that."""
    with transaction(settings, Role.OPERATOR, "stream control") as cursor:
        return read_published_source(cursor)


@contextmanager
def exclusive(settings: Settings) -> Iterator[None]:
    """Be the only one who starts or stops the Flink job, so that it never runs twice.

    Raises:
        psycopg2.errors.LockNotAvailable: another actor has been at it for :data:`LOCK_TIMEOUT_SECONDS`.
    """
    with transaction(settings, Role.OPERATOR, "stream control") as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", (f"{LOCK_TIMEOUT_SECONDS}s",))
        cursor.execute(statement("stream/lock"))
        yield


def read_control(cursor: cursor) -> StreamControl | None:
    """Read the row of ``stream_control`` in the cursor's transaction."""
    cursor.execute(statement("stream/read_control"))
    row = cursor.fetchone()
    return StreamControl(DesiredState(row[0]), *row[1:]) if row else None


def read_published_source(cursor: cursor) -> PublishedSource | None:
    """Read which source was seeded in the cursor's transaction."""
    cursor.execute(statement("stream/published_source"))
    row = cursor.fetchone()
    return PublishedSource(*row) if row else None


def _lines_per_second(rate: ReplayRate) -> float | None:
    return None if rate == "max" else float(rate)
