"""How the stream is, in a few lines for a shell: what the dashboards say, and what its parts answer now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg2
from psycopg2.extras import RealDictCursor

from supply_chain.database import Role, statement, transaction
from supply_chain.stream import health
from supply_chain.stream.observation import StreamObserver

if TYPE_CHECKING:
    from datetime import date

    from supply_chain.settings import Settings
    from supply_chain.stream.observation import Observation

STANDING_STILL = "standing still"
"""State of a stream that should run and does not."""


@dataclass(frozen=True)
class StreamStatus:
    """The stream: its state as in ``dashboards.stream_state``, and lines of name and value for people."""

    state: str
    lines: list[tuple[str, str]]

    @property
    def stands_still(self) -> bool:
        """Whether the stream should run and does not."""
        return self.state == STANDING_STILL


def examine(settings: Settings) -> StreamStatus:
    """Ask the database and the parts of the stream."""
    try:
        with transaction(settings, Role.READER, "status", cursor_factory=RealDictCursor) as cursor:
            cursor.execute(statement("stack/stream_status"))
            told = dict(cursor.fetchone() or {})
    except psycopg2.Error as error:
        return StreamStatus("unknown", [("stream", f"unknown: {str(error).strip().splitlines()[0]}")])
    observation = StreamObserver(settings).observe()
    down = health.critical(health.judge(observation, settings.checkpoint_interval_seconds))
    state = STANDING_STILL if down and observation.should_run else str(told["state"])
    lines = [("stream", state)]
    if told["since"]:
        lines.append(("since", f"{told['since']:%Y-%m-%d %H:%M:%S} UTC"))
    if told["by_whom"]:
        lines.append(("told by", str(told["by_whom"])))
    why = "; ".join(str(finding) for finding in down) if state == STANDING_STILL and down else told["why"]
    if why:
        lines.append(("why", str(why)))
    return StreamStatus(state, [*lines, *_progress(observation), *_ages(told)])


def _progress(observation: Observation) -> list[tuple[str, str]]:
    age = observation.job.checkpoint_age_seconds if observation.job else None
    return [
        ("lag", f"{observation.lag:,} messages that no checkpoint covers yet"),
        ("last checkpoint", "none" if age is None else f"{age:.0f} s ago"),
    ]


def _ages(told: dict[str, object]) -> list[tuple[str, str]]:
    return [
        ("forecast", _age("from", told["forecast_from"], told["forecast_age_days"])),
        ("plan", _age("of", told["plan_day"], told["plan_age_days"])),
    ]


def _age(word: str, day: date | object, days: object) -> str:
    return f"{word} {day}, {days} data days old" if day else "none yet"
