"""The whole platform in containers: the main job, a crash of each part, and more of some of them."""

from __future__ import annotations

import psutil
import pytest
import requests

from supply_chain.servers.parts import PARTS
from supply_chain.stream.flink_job import JOB_NAME
from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3000)]


@pytest.fixture(scope="module")
def platform(deployed):
    return deployed()


def flink(platform, path):
    answer = requests.get(f"http://127.0.0.1:{platform.ports['FLINK_REST_PORT']}{path}", timeout=10)
    answer.raise_for_status()
    return answer.json()


def spark_workers(platform):
    answer = requests.get(f"http://127.0.0.1:{platform.ports['SPARK_MASTER_WEB_PORT']}/json/", timeout=10)
    answer.raise_for_status()
    return [worker for worker in answer.json()["workers"] if worker["state"] == "ALIVE"]


def flows(platform):
    """Wait until order lines are counted that were not before."""
    before = platform.counted()

    @eventually(180, every=2)
    def more() -> None:
        assert platform.counted() > before

    more()


def test_the_main_job_runs(platform, demo):
    for said in ("seeded", "streamed", "differing=0", "forecast", "planned", "published"):
        assert said in demo
    assert f"http://127.0.0.1:{platform.ports['SUPERSET_PORT']}" in demo
    assert "differing=0" in platform.verify()


def test_airflows_command_line_is_that_of_the_deployment(platform, demo):
    listed = platform.compose("run", "--rm", "--no-TTY", "--no-deps", "airflow", "dags", "list", "--output", "plain")
    assert "forecast_demand" in listed.stdout
    days = ("--from-date", "2016-01-01", "--to-date", "2016-01-02", "--dry-run")
    backfill = platform.compose(
        "run", "--rm", "--no-TTY", "--no-deps", "airflow", "backfill", "create", "--dag-id", "forecast_demand", *days
    )
    assert "2016-01-02" in backfill.stdout


def test_what_is_not_encrypted_can_be_heard(heard):
    assert len(heard) > 4
    assert all(heard.values()), heard


def test_only_pages_listen_and_on_loopback(platform):
    published = [
        (int(place["HostPort"]), place["HostIp"])
        for part in PARTS
        for container in platform.containers(part)
        for places in container["NetworkSettings"]["Ports"].values()
        for place in places or []
    ]
    assert sorted(published) == sorted((port, "127.0.0.1") for port in platform.ports.values())
    others = {each.laddr.ip for each in psutil.net_connections("tcp")
              if each.status == psutil.CONN_LISTEN and each.laddr.port in platform.ports.values()}  # fmt: skip
    assert others == {"127.0.0.1"}


@pytest.mark.parametrize("part", list(PARTS))
def test_a_crash_heals_by_itself(platform, demo, part):
    started = platform.kill(part)

    @eventually(180, every=2)
    def back() -> None:
        assert platform.containers(part)[0]["State"]["StartedAt"] != started
        assert platform.is_healthy(part)

    back()
    flows(platform)
    platform.verify()


def test_more_taskmanagers_and_workers_are_used(platform, demo):
    platform.up("--scale", "taskmanager=3", "--scale", "spark-worker=2", FLINK_PARALLELISM="6")
    workers = spark_workers(platform)
    assert len(workers) == 2

    @eventually(240, every=2)
    def on_three_hosts() -> None:
        (job,) = [job for job in flink(platform, "/jobs/overview")["jobs"]
                  if job["name"] == JOB_NAME and job["state"] == "RUNNING"]  # fmt: skip
        vertices = flink(platform, f"/jobs/{job['jid']}")["vertices"]
        widest = max(vertices, key=lambda vertex: vertex["parallelism"])
        assert widest["parallelism"] == 6
        running = flink(platform, f"/jobs/{job['jid']}/vertices/{widest['id']}/taskmanagers")["taskmanagers"]
        assert len({each["taskmanager-id"] for each in running if each["status"] == "RUNNING"}) == 3

    on_three_hosts()
    flows(platform)
    platform.run("supply_chain.forecast_runs", "--days", "7")
    # Both had an executor of the job: the folder of its work is left in each.
    for container in platform.containers("spark-worker"):
        listed = platform.compose(
            "exec", "--no-TTY", "--index", container["Config"]["Labels"]["com.docker.compose.container-number"],
            "spark-worker", "ls", "/var/lib/supply-chain/spark/work",
        )  # fmt: skip
        assert "app-" in listed.stdout
    platform.verify()
