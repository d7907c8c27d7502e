"""Three brokers: the loss of the one that leads a partition, while order lines arrive, loses none."""

from __future__ import annotations

import re

import pytest

from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3000)]

BROKERS = {1: "kafka", 2: "kafka-2", 3: "kafka-3"}

TOOLS = "/tmp/tools.properties"  # noqa: S108 (in the container)
DEPLOYMENTS = {
    "plain": (["compose.brokers.yaml"], ["--bootstrap-server", "kafka:9092"]),
    "secure": (
        ["compose.brokers.yaml", "compose.secure.yaml", "compose.secure-brokers.yaml"],
        ["--bootstrap-server", "kafka:9094", "--command-config", TOOLS],
    ),
}
"""By kind: the Compose files, and how Kafka's tools reach the brokers."""


@pytest.fixture(scope="module", params=list(DEPLOYMENTS))
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def platform(deployed, kind):
    return deployed(*DEPLOYMENTS[kind][0])


@pytest.fixture
def partitions(platform, kind):
    """Gives leader and copies in sync of each partition of the orders, when called."""
    topics = ["exec", "--no-TTY", "kafka", "/opt/kafka/bin/kafka-topics.sh", *DEPLOYMENTS[kind][1]]

    def ask():
        told = platform.compose(*topics, "--describe", "--topic", "orders").stdout
        found = re.findall(r"Partition: (\d+)\s+Leader: (\d+)\s+Replicas: (\S+)\s+Isr: (\S+)", told)
        return {int(number): (int(leader), set(in_sync.split(","))) for number, leader, _, in_sync in found}

    return ask


def test_the_loss_of_a_leader_loses_no_order_line(platform, partitions):
    platform.demo()
    before = partitions()
    assert len(before) == 6
    assert all(in_sync == {"1", "2", "3"} for _, in_sync in before.values())
    lost = next(leader for leader, _ in before.values() if leader != 1)
    counted = platform.counted()
    platform.kill(BROKERS[lost])

    @eventually(60, every=1)
    def led_by_others() -> None:
        assert all(leader != lost for leader, _ in partitions().values())

    led_by_others()

    @eventually(180, every=2)
    def goes_on() -> None:
        assert platform.counted() > counted + 1000
        assert all(len(in_sync) == 3 for _, in_sync in partitions().values())

    goes_on()
    platform.verify()
