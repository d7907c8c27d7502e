"""The replay: order lines in their order, as fast as told, from wherever the topic says that it stands."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import psycopg2
from confluent_kafka import KafkaException

from supply_chain.kafka.topics import ORDERS
from supply_chain.producer.database import ProducerDatabase, Report
from supply_chain.producer.pacing import Pace
from supply_chain.producer.sending import Sender
from supply_chain.producer.topic import ForeignSourceError, OrdersTopic, partition_of
from supply_chain.settings import LIVE_RATE

if TYPE_CHECKING:
    from datetime import datetime
    from threading import Event

    from supply_chain.producer.database import Instructions, Line
    from supply_chain.producer.endless import EndlessOrders
    from supply_chain.producer.topic import Progress, TopicState
    from supply_chain.settings import Settings

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
"""How often instructions are read and progress is written down."""

LINES_READ_AT_ONCE = 10_000
LINES_BETWEEN_TICKS = 500
LOG_SECONDS = 10.0
RETRY_SECONDS = 3.0

RECOVERABLE = (psycopg2.Error, KafkaException, TimeoutError)


class Interruption(Exception):  # noqa: N818 - not an error: the replay is told to do something else
    """The replay stops here: other instructions, another topic, or the end of the process."""


class OrderProducer:
    """Follows ``stream_control`` until it is told to end.

    Args:
        settings: the deployment.
        ending: set when the process is to end.
    """

    def __init__(self, settings: Settings, ending: Event) -> None:
        self._settings = settings
        self._ending = ending
        self._topic = OrdersTopic(settings)
        self._progress_log = _ProgressLog()

    def run(self) -> None:
        """Work until the process is to end; whatever fails is tried again, from what the topic then holds."""
        while not self._ending.is_set():
            try:
                database = ProducerDatabase(self._settings)
                try:
                    self._follow(database)
                finally:
                    database.close()
            except RECOVERABLE as error:
                # Without its trace: an outage is expected, and is said every few seconds.
                log.warning("%s; trying again in %.0f s", str(error).strip(), RETRY_SECONDS)
                self._ending.wait(RETRY_SECONDS)

    def _follow(self, database: ProducerDatabase) -> None:
        """Do as told, instruction after instruction."""
        if not database.lock():
            raise TimeoutError("another order producer is at work on this database, and this one waits for its end")
        while not self._ending.is_set():
            instructions = database.instructions()
            topic = self._topic.state()
            if instructions.checksum is None:
                self._idle(database, instructions, "waiting", "nothing is seeded; run seed_database")
            elif instructions.desired_state == "stopped":
                self._idle(database, instructions, "stopped", "until order_stream says otherwise")
            elif topic is None:
                self._idle(database, instructions, "waiting", f"there is no topic {ORDERS}; order_stream makes it")
            else:
                try:
                    self._replay(database, instructions, topic)
                except Interruption as reason:
                    log.info("%s", reason)
                except ForeignSourceError as error:
                    self._idle(database, instructions, "waiting", str(error))

    def _idle(self, database: ProducerDatabase, instructions: Instructions, state: str, reason: str) -> None:
        database.report(Report(state, instructions.checksum or ""))
        self._progress_log.say(state, reason)
        self._ending.wait(TICK_SECONDS)

    def _replay(self, database: ProducerDatabase, instructions: Instructions, topic: TopicState) -> None:
        """Send what the topic lacks of the source.

        Raises:
            Interruption: there is something else to do.
            ForeignSourceError: the topic holds another source.
        """
        assert instructions.checksum is not None  # noqa: S101 - the caller has seen it
        progress = self._topic.progress(instructions.checksum, topic.partitions)
        log.info("order lines up to position %s are in the topic", f"{progress.complete_up_to:,}")
        sender = Sender(self._settings, instructions.checksum, progress.complete_up_to)
        replay = _Replay(
            database=database,
            topic=self._topic,
            sender=sender,
            progress_log=self._progress_log,
            ending=self._ending,
            message_key=self._settings.message_key,
            instructions=instructions,
            topic_state=topic,
            progress=progress,
            endless=self._endless(database, instructions),
        )
        try:
            replay.send_all()
            replay.stay_finished()
        finally:
            # Also after a failure: the topic is read again, and nothing may arrive in it after that.
            sender.flush()
        raise AssertionError("a replay ends by an interruption")

    def _endless(self, database: ProducerDatabase, instructions: Instructions) -> EndlessOrders | None:
        """Return what adds orders after the seeded ones, or None where they end."""
        recipe, checksum = instructions.recipe, instructions.checksum
        if recipe is None or checksum is None or not recipe.is_endless or not self._settings.orders_endless:
            return None
        # Not at the top: who replays a file needs no generator.
        from supply_chain.producer.endless import EndlessOrders

        return EndlessOrders(database, recipe, checksum)


class _Replay:
    """One replay: from one look at the topic to the next interruption."""

    def __init__(
        self,
        *,
        database: ProducerDatabase,
        topic: OrdersTopic,
        sender: Sender,
        progress_log: _ProgressLog,
        ending: Event,
        message_key: str,
        instructions: Instructions,
        topic_state: TopicState,
        progress: Progress,
        endless: EndlessOrders | None,
    ) -> None:
        self._database = database
        self._topic = topic
        self._sender = sender
        self._progress_log = progress_log
        self._ending = ending
        self._message_key = message_key
        self._instructions = instructions
        self._topic_state = topic_state
        self._progress = progress
        self._endless = endless
        self._pace = Pace(instructions.replay_rate)
        self._state = "history"
        self._last_order_date: datetime | None = None
        self._ticked_at = time.monotonic() - TICK_SECONDS
        self._acknowledged_then = 0

    def send_all(self) -> None:
        """Send every order line that the topic lacks, in order, and wait until all are acknowledged."""
        after = self._progress.complete_up_to
        while lines := self._lines(after):
            for number, line in enumerate(lines):
                self._send(line)
                if number % LINES_BETWEEN_TICKS == 0:
                    self._tick()
            after = lines[-1].position
        self._sender.flush()

    def _lines(self, after: int) -> list[Line]:
        """Read the order lines that follow a position; where there is none, days are added until there is one."""
        while not (lines := self._database.lines(after, LINES_READ_AT_ONCE)):
            self._tick()
            if self._endless is None or not self._endless.add_day():
                break
        return lines

    def stay_finished(self) -> None:
        """Everything is sent: report so, until there is something else to do."""
        self._state = "finished"
        while True:
            self._tick()
            self._ending.wait(TICK_SECONDS)

    def _send(self, line: Line) -> None:
        key = self._key(line)
        partition = partition_of(key, self._topic_state.partitions)
        if self._progress.holds(partition, line.position):
            self._sender.skip(line.position)
            return
        self._await_turn(line)
        self._sender.send(partition, key, line.event.encode(), line.position)
        self._last_order_date = line.order_date

    def _key(self, line: Line) -> bytes:
        if self._message_key == "order_day":
            return line.order_date.date().isoformat().encode()
        return b"%d" % line.order_id

    def _await_turn(self, line: Line) -> None:
        """Wait until the line is due: never for the history, at the replay rate after it, and while it is paused."""
        while True:
            if self._instructions.desired_state == "paused":
                self._state, seconds = "paused", TICK_SECONDS
            elif self._is_history(line):
                self._state = "history"
                return
            else:
                if (rate := self._rate(line)) != self._pace.lines_per_second:
                    self._pace.lines_per_second = rate
                self._state, seconds = "live", self._pace.seconds_to_wait()
                if seconds == 0:
                    self._pace.sent()
                    return
            self._tick()
            self._ending.wait(min(seconds, TICK_SECONDS))

    def _rate(self, line: Line) -> float | None:
        """Return the lines a second after the history, None for all at once; what has no end cannot be sent at once."""
        is_seeded = line.position <= self._instructions.row_count
        return self._instructions.replay_rate or (None if is_seeded else LIVE_RATE)

    def _is_history(self, line: Line) -> bool:
        until = self._instructions.history_until
        return until is not None and line.order_date.date() < until

    def _tick(self) -> None:
        """Every second: read the instructions, report, and see whether it is still the same topic.

        Raises:
            Interruption: there is something else to do.
        """
        self._sender.poll()
        elapsed = time.monotonic() - self._ticked_at
        if elapsed < TICK_SECONDS:
            return
        self._ticked_at += elapsed
        instructions = self._database.instructions()
        self._report(elapsed)
        if self._ending.is_set():
            raise Interruption("told to end")
        if instructions.checksum != self._instructions.checksum:
            raise Interruption("the source changed")
        if instructions.desired_state == "stopped":
            raise Interruption("told to stop")
        if self._topic.state() != self._topic_state:
            raise Interruption(f"the topic {ORDERS} is another one than before")
        self._instructions = instructions

    def _report(self, elapsed: float) -> None:
        acknowledged = self._sender.acknowledged
        rate = (acknowledged - self._acknowledged_then) / elapsed
        self._acknowledged_then = acknowledged
        position = self._sender.complete_up_to
        checksum = self._instructions.checksum or ""
        self._database.report(Report(self._state, checksum, position, acknowledged, self._last_order_date, rate))
        self._progress_log.say(
            self._state,
            f"position {position:,}, {rate:,.0f} lines/s; {self._instructions.row_count:,} lines are seeded",
        )


class _ProgressLog:
    """Logs a state when it begins, and every few seconds while it moves."""

    def __init__(self) -> None:
        self._state = ""
        self._details = ""
        self._at = 0.0

    def say(self, state: str, details: str) -> None:
        """Log, unless it was just said."""
        now = time.monotonic()
        if state == self._state and (details == self._details or now - self._at < LOG_SECONDS):
            return
        self._state, self._details, self._at = state, details, now
        log.info("%s: %s", state, details)
