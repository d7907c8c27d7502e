"""The stream is stopped and started, and its parts are killed: it goes on from where it was, and the tables hold."""

from __future__ import annotations

import pytest
import requests

from supply_chain.stream.flink_job import JOB_NAME
from supply_chain.stream.flink_rest import FlinkCluster
from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

HEALED_WITHIN_SECONDS = 120


def test_stopping_drains_and_starting_goes_on_from_the_savepoint(platform):
    assert platform.run_dag("stop_order_stream") == "success"
    cluster = FlinkCluster(platform.settings)
    assert cluster.find_job(JOB_NAME) is None
    ((state, sent),) = platform.query("SELECT state, last_position FROM kafka_sent")
    assert state == "stopped"
    platform.verify()
    savepoints = list(platform.settings.checkpoint_root.rglob("savepoints/*/_metadata"))
    assert savepoints

    platform.airflow.trigger("order_stream", {"desired_state": "running", "replay_rate": 20})

    @eventually(HEALED_WITHIN_SECONDS, every=1)
    def goes_on() -> None:
        ((position,),) = platform.query("SELECT last_position FROM kafka_sent")
        assert position > sent
        job = cluster.find_job(JOB_NAME)
        assert job is not None
        assert cluster.checkpoints(job.job_id).restored_from is not None

    goes_on()


def test_what_was_stopped_goes_on_after_the_next_start(platform):
    ((sent,),) = platform.query("SELECT last_position FROM kafka_sent")
    stopped = platform.command("supply_chain.stack", "down")
    assert stopped.returncode == 0, stopped.stdout + stopped.stderr
    assert "stopped" in stopped.stderr
    file = platform.settings.state_dir / "settings.env"
    changed = [line for line in file.read_text().splitlines() if not line.startswith("PLANNER_PASSWORD=")]
    file.write_text("\n".join([*changed, "PLANNER_PASSWORD=chosen by a person"]) + "\n")
    started = platform.command("supply_chain.stack", "up")
    assert started.returncode == 0, started.stdout + started.stderr
    assert platform.settings.airflow_url in started.stderr

    @eventually(HEALED_WITHIN_SECONDS, every=2)
    def goes_on() -> None:
        ((position,),) = platform.query("SELECT last_position FROM kafka_sent")
        assert position > sent
        assert platform.is_healthy()

    goes_on()
    platform.verify()
    login = {"username": "planner", "password": "chosen by a person"}
    assert requests.post(f"{platform.settings.airflow_url}/auth/token", json=login, timeout=30).ok


@pytest.mark.chaos
@pytest.mark.parametrize("part", ["producer", "taskmanager", "jobmanager", "kafka", "postgres"])
def test_a_killed_part_comes_back_and_nothing_is_lost_or_doubled(platform, part):
    platform.airflow.trigger("order_stream", {"desired_state": "running", "replay_rate": 20})
    ((before,),) = platform.query("SELECT last_position FROM kafka_sent")
    platform.kill(part)

    @eventually(HEALED_WITHIN_SECONDS, every=2)
    def healed() -> None:
        assert platform.is_healthy()
        job = FlinkCluster(platform.settings).find_job(JOB_NAME)
        assert job is not None
        assert FlinkCluster(platform.settings).job(job.job_id).tasks_running
        ((position,),) = platform.query("SELECT last_position FROM kafka_sent")
        assert position > before

    healed()
    platform.verify()
