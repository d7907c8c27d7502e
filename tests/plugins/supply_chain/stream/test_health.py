"""What is judged of what the parts of the stream report."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from supply_chain.database import Role, connect
from supply_chain.kafka.topics import DAYS, ORDERS, REJECTED
from supply_chain.stream.control import DesiredState, PublishedSource, StreamControl
from supply_chain.stream.health import (
    Finding,
    HealthReport,
    Severity,
    critical,
    describe,
    judge,
    judge_sizes,
    record,
    record_repairs,
)
from supply_chain.stream.kafka_topics import Offsets
from supply_chain.stream.observation import Counts, JobReport, Observation, ProducerReport
from supply_chain.stream.repair import Repair

if TYPE_CHECKING:
    from supply_chain.settings import Settings

INTERVAL = 5

CONTROL = StreamControl(DesiredState.RUNNING, 5.0, None, "test", datetime(2026, 1, 1, tzinfo=UTC))
JOB = JobReport("0f" * 16, "RUNNING", ended=False, age_seconds=600, checkpoint_age_seconds=3, last_failure=None)
PRODUCER = ProducerReport("live", "abc", 1_000, 1_000, 5.0, None, heartbeat_age_seconds=0.5)
WELL = Observation(
    source=PublishedSource("orders.csv", "abc", 5_000),
    control=CONTROL,
    producer=PRODUCER,
    partitions={ORDERS: 2, REJECTED: 2, DAYS: 1},
    offsets={0: Offsets(500, 490), 1: Offsets(500, 480)},
    taskmanagers=1,
    job=JOB,
)
FAILED = replace(JOB, state="FAILED", ended=True, last_failure="no slots")


def findings(observation: Observation) -> list[tuple[Severity, str, str]]:
    return [(finding.severity, finding.part, finding.found) for finding in judge(observation, INTERVAL)]


def test_all_is_well() -> None:
    assert judge(WELL, INTERVAL) == []


@pytest.mark.parametrize(
    "observation",
    [
        replace(WELL, source=None, job=None, producer=None),
        replace(WELL, control=None, job=None, taskmanagers=0),
        replace(WELL, control=replace(CONTROL, desired_state=DesiredState.STOPPED), job=None, partitions={}),
    ],
    ids=["nothing seeded", "never told", "stopped"],
)
def test_a_standstill_that_is_meant_is_well(observation: Observation) -> None:
    assert judge(observation, INTERVAL) == []


def test_a_paused_stream_still_has_its_job() -> None:
    paused = replace(WELL, control=replace(CONTROL, desired_state=DesiredState.PAUSED))
    assert findings(paused) == []
    assert findings(replace(paused, job=None)) == [(Severity.CRITICAL, "flink", "the job is not there")]


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (replace(WELL, job=None), (Severity.CRITICAL, "flink", "the job is not there")),
        (replace(WELL, job=FAILED), (Severity.CRITICAL, "flink", "the job is FAILED (no slots)")),
        (replace(WELL, taskmanagers=0), (Severity.CRITICAL, "flink", "no TaskManager is registered")),
        (replace(WELL, job=replace(JOB, state="RESTARTING")), (Severity.WARNING, "flink", "the job is RESTARTING")),
        (
            replace(WELL, job=replace(JOB, checkpoint_age_seconds=61)),
            (Severity.WARNING, "flink", "no checkpoint for 61 s"),
        ),
        (
            replace(WELL, job=replace(JOB, checkpoint_age_seconds=None)),
            (Severity.WARNING, "flink", "no checkpoint for 600 s"),
        ),
        (replace(WELL, producer=None), (Severity.CRITICAL, "producer", "has never reported")),
        (
            replace(WELL, producer=replace(PRODUCER, heartbeat_age_seconds=11)),
            (Severity.CRITICAL, "producer", "silent for 11 s"),
        ),
        (
            replace(WELL, producer=replace(PRODUCER, source_checksum="def")),
            (Severity.WARNING, "producer", "it sends source def, published is abc"),
        ),
        (
            replace(WELL, partitions={ORDERS: 2, DAYS: 1}),
            (Severity.CRITICAL, "kafka", "there is no topic orders.rejected"),
        ),
        (
            replace(WELL, offsets={0: Offsets(1_001, 0)}),
            (Severity.WARNING, "flink", "1,001 messages are not counted yet"),
        ),
        (
            replace(WELL, unreachable={"kafka": "timed out"}, partitions={}),
            (Severity.CRITICAL, "kafka", "does not answer (timed out)"),
        ),
        (
            replace(WELL, unreachable={"flink": "refused"}, job=None),
            (Severity.CRITICAL, "flink", "does not answer (refused)"),
        ),
    ],
)
def test_what_is_wrong_is_found_alone(observation: Observation, expected: tuple[Severity, str, str]) -> None:
    assert findings(observation) == [expected]


@pytest.mark.parametrize(
    "observation",
    [
        replace(WELL, job=replace(JOB, age_seconds=20, checkpoint_age_seconds=None)),
        replace(WELL, job=replace(JOB, checkpoint_age_seconds=60)),
        replace(WELL, producer=replace(PRODUCER, lines_per_second=50_000), offsets={0: Offsets(2_000_000, 0)}),
        replace(WELL, producer=replace(PRODUCER, source_checksum="def", last_position=0)),
    ],
    ids=["just submitted", "within the limit", "a minute behind at full speed", "has not begun"],
)
def test_what_passes(observation: Observation) -> None:
    assert judge(observation, INTERVAL) == []


def test_long_checkpoint_intervals_are_waited_for() -> None:
    slow = replace(WELL, job=replace(JOB, checkpoint_age_seconds=61))
    assert judge(slow, 60) == []


def test_settings_of_the_size_that_the_stream_does_not_have_are_named() -> None:
    assert judge_sizes(WELL, orders_partitions=2, flink_parallelism=2) == []
    (finding,) = judge_sizes(WELL, orders_partitions=6, flink_parallelism=1)
    assert str(finding) == (
        "WARNING kafka: ORDERS_PARTITIONS is 6, and topic orders has 2 partitions; "
        "a topic keeps what it was made with: "
        "set ORDERS_PARTITIONS=2, or begin anew with 6 (`make reset`, which deletes all data)"
    )
    (finding,) = judge_sizes(WELL, orders_partitions=2, flink_parallelism=6)
    assert finding.found == "FLINK_PARALLELISM is 6, and topic orders has 2 partitions"
    assert "4 of the tasks that read have nothing to read: FLINK_PARALLELISM=2 is as fast" in finding.remedy
    assert judge_sizes(Observation(), orders_partitions=6, flink_parallelism=6) == []


def test_critical_are_those_that_stand_still() -> None:
    down = Finding(Severity.CRITICAL, "flink", "gone", "submit")
    assert critical([Finding(Severity.WARNING, "flink", "slow", "look"), down]) == [down]


def test_lag_is_over_all_partitions() -> None:
    assert WELL.lag == 30


def test_drained_means_silent_and_counted() -> None:
    counted = replace(WELL, offsets={0: Offsets(5, 5)})
    stopped = replace(PRODUCER, state="stopped")
    assert not counted.is_drained
    assert replace(counted, producer=stopped).is_drained
    assert replace(counted, producer=replace(PRODUCER, heartbeat_age_seconds=60)).is_drained
    assert not replace(WELL, producer=stopped).is_drained
    assert not replace(counted, producer=stopped, unreachable={"kafka": "timed out"}).is_drained


def test_told_something_else_is_another_fingerprint() -> None:
    told = replace(CONTROL, changed_at=datetime(2026, 1, 2, tzinfo=UTC))
    others = [replace(WELL, control=told), replace(WELL, source=PublishedSource("b.csv", "def", 1)), Observation()]
    assert len({tuple(each.orders) for each in [WELL, *others]}) == 4
    assert replace(WELL, job=None).orders == WELL.orders


def test_the_report_shows_what_was_found_done_and_counted() -> None:
    report = HealthReport(
        replace(WELL, job=None),
        Counts(counted=970, rejected=3),
        judge(replace(WELL, job=None), INTERVAL),
        [Repair("flink", "no job", "submitted from chk-7")],
    )
    lines = report.lines()
    assert lines[0].split() == ["part", "found", "done", "now"]
    (flink,) = [line for line in lines if line.startswith("flink")]
    assert "submitted from chk-7" in flink
    assert "produced 1,000  counted 970  rejected 3  lag 30" in lines
    assert lines[-1] == "CRITICAL flink: the job is not there; the next run submits it"
    assert report.figures == {"produced": 1_000, "counted": 970, "rejected": 3, "lag": 30}


def test_parts_that_do_not_answer_say_so() -> None:
    assert describe(Observation(unreachable={"flink": "refused"}))["flink"] == "does not answer: refused"
    assert describe(Observation())["source"] == "nothing is seeded"


@pytest.mark.integration
def test_repairs_are_kept_once_and_what_needed_none_is_not(database: Settings) -> None:
    repairs = [Repair("topics", "all there"), Repair("flink", "no job", "submitted from chk-7")]
    for _ in range(2):
        record_repairs(database, "run-1", repairs)
    record_repairs(database, "run-2", repairs[1:])
    with closing(connect(database, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT run_id, part, found, done FROM dashboards.repairs ORDER BY run_id")
        kept = cursor.fetchall()
    assert kept == [(run, "flink", "no job", "submitted from chk-7") for run in ("run-1", "run-2")]


@pytest.mark.integration
def test_repairs_are_forgotten_after_a_month(database: Settings) -> None:
    record_repairs(database, "run-1", [Repair("flink", "no job", "submitted")])
    with closing(connect(database, Role.OPERATOR)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE repairs SET repaired_at = now() - interval '32 days'")
    record_repairs(database, "run-2", [Repair("flink", "no job", "submitted")])
    with closing(connect(database, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT run_id FROM repairs")
        assert cursor.fetchall() == [("run-2",)]


@pytest.mark.integration
def test_a_report_is_kept_and_forgotten_after_a_month(database: Settings) -> None:
    def kept() -> list[tuple]:
        with closing(connect(database, Role.READER)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT lag, lines_per_second, checkpoint_age_seconds, counted, rejected, findings FROM stream_health"
            )
            return cursor.fetchall()

    well = HealthReport(WELL, Counts(counted=970, rejected=3), [], [])
    record(database, well)
    assert kept() == [(30, 5.0, 3.0, 970, 3, "")]
    with closing(connect(database, Role.OPERATOR)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("UPDATE stream_health SET observed_at = now() - interval '32 days'")
    unheard = replace(WELL, job=None, producer=None)
    record(database, HealthReport(unheard, Counts(counted=0, rejected=0), judge(unheard, INTERVAL), []))
    ((lag, rate, age, counted, rejected, findings),) = kept()
    assert (lag, rate, age, counted, rejected) == (30, 0.0, None, 0, 0)
    assert "CRITICAL producer: has never reported" in findings
