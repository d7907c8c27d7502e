"""The deployment in containers, under a name and with ports of its own: only for `make test-containers`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUBLISHED = ("AIRFLOW_PORT", "SUPERSET_PORT", "FLINK_REST_PORT", "SPARK_MASTER_WEB_PORT")
CHOSEN = {
    "COMPOSE_PROJECT_NAME": "supply-chain-test",
    # Enough history to be worth counting, and more live orders than the tests take.
    "GENERATED_ORDERS": "45000",
    "HISTORY_UNTIL": "2016-01-01",
    "REPLAY_RATE": "20",
    # Days of the data pass in seconds here: the tests ask for forecasts and plans themselves.
    "PLAN_EVERY_DAYS": "90",
    "FORECAST_EVERY_DAYS": "365",
    "ORDERS_PARTITIONS": "6",
}

# What each protocol says in plain text.
WORDS = {
    "HTTP": "HTTP/1.1 200",
    "PostgreSQL": "SELECT ",
    "Kafka": "rdkafka",
    "Flink": "org.apache.flink.",
    "Spark": "org.apache.spark.",
}


class Containers:
    """A running deployment, and what people do with it."""

    def __init__(self, files: list[str]) -> None:
        with ExitStack() as held:
            sockets = [held.enter_context(socket.socket()) for _ in PUBLISHED]
            for each in sockets:
                each.bind(("127.0.0.1", 0))
            self.ports = {name: each.getsockname()[1] for name, each in zip(PUBLISHED, sockets, strict=True)}
        self.environment = {
            **os.environ,
            **CHOSEN,
            **{name: str(port) for name, port in self.ports.items()},
            "PGPASSWORD": (REPOSITORY / ".secrets" / "reader_password").read_text(),
        }
        # What COMPOSE_FILE names besides is kept: a machine may build images in a way of its own.
        besides = self.environment.pop("COMPOSE_FILE", "").split(":")
        self._files = [option for name in [*files, *filter(None, besides)] for option in ("--file", name)]

    def compose(
        self, *arguments: str, within: float = 900, stdin: str | None = None, **chosen: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of Compose."""
        command = ["docker", "compose", *self._files, *arguments]
        result = subprocess.run(
            command,
            cwd=REPOSITORY,
            env={**self.environment, **chosen},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=within,
        )
        assert result.returncode == 0, f"{' '.join(arguments)}\n{result.stdout[-6000:]}\n{result.stderr[-6000:]}"
        return result

    def up(self, *options: str, **chosen: str) -> None:
        """Start what is not running as it should, and wait until all of it is healthy."""
        self.compose("up", "--detach", "--wait", "--wait-timeout", "400", *options, **chosen)

    def run(self, module: str, *arguments: str) -> str:
        """Run a command of the platform, and return what it prints."""
        done = self.compose("run", "--rm", "--no-TTY", "--no-deps", "platform", module, *arguments)
        return done.stdout + done.stderr

    def demo(self) -> str:
        """Have the main job done, and return what it prints."""
        return self.run("supply_chain.stack", "demo", "--running")

    def verify(self) -> str:
        """Run the ledger check; it is right only if nothing differs."""
        printed = self.run("supply_chain.ledger")
        assert "differing=0" in printed
        return printed

    def counted(self) -> int:
        """Return how many order lines are in the daily aggregates."""
        sql = "SELECT coalesce(sum(order_lines), 0) FROM daily_aggregates"
        address = "host=/var/run/postgresql dbname=supply_chain user=supply_chain_reader"
        psql = ["psql", address, "--tuples-only", "--no-align", "--command", sql]
        return int(self.compose("exec", "--no-TTY", "--env", "PGPASSWORD", "postgres", *psql).stdout)

    def containers(self, service: str) -> list[dict[str, Any]]:
        """Return what the engine says of each container of a service."""
        ids = self.compose("ps", "--all", "--quiet", service).stdout.split()
        inspected = subprocess.run(
            ["docker", "inspect", *ids], env=self.environment, capture_output=True, text=True, check=True
        )
        found: list[dict[str, Any]] = json.loads(inspected.stdout)
        return found

    def kill(self, service: str) -> str:
        """Kill a container's main process as a crash would, unknown to the engine; return when it had started."""
        state = self.containers(service)[0]["State"]
        os.kill(state["Pid"], signal.SIGKILL)
        return str(state["StartedAt"])

    @contextmanager
    def wire(self) -> Iterator[dict[str, int]]:
        """Listen to what containers say to each other; at the end the result says what was readable, how often."""
        networks = self.containers("postgres")[0]["NetworkSettings"]["Networks"]
        (network,) = networks.values()
        program = [sys.executable, str(Path(__file__).with_name("wire.py")), f"br-{network['NetworkID'][:12]}"]
        heard: dict[str, int] = {}
        with subprocess.Popen([*program, *WORDS.values()], stdout=subprocess.PIPE, text=True) as listener:
            assert listener.stdout
            assert listener.stdout.readline() == "listening\n"
            try:
                yield heard
            finally:
                listener.send_signal(signal.SIGINT)
                size, found = json.loads(listener.communicate(timeout=60)[0])
        assert size > 10_000_000
        heard |= {protocol: found[word] for protocol, word in WORDS.items()}

    def is_healthy(self, service: str) -> bool:
        """Tell whether every container of a service is."""
        return all(each["State"]["Health"]["Status"] == "healthy" for each in self.containers(service))


@pytest.fixture(scope="session")
def deployed() -> Iterator[Callable[..., Containers]]:
    """Gives a deployment of Compose files, up and with the main job done; all are removed at the end."""
    if not os.environ.get("CONTAINERS"):
        pytest.skip("run by `make test-containers`, since it needs a container engine")
    for script in ("docker/secrets.sh", "docker/certificates.sh"):
        subprocess.run([script], cwd=REPOSITORY, check=True, capture_output=True)
    with ExitStack() as stack:

        def deploy(*files: str) -> Containers:
            stack.close()
            containers = Containers(["compose.yaml", *files])
            stack.callback(containers.compose, "--profile", "commands", "down", "--volumes", "--timeout", "20")
            containers.up("--build")
            return containers

        yield deploy


@pytest.fixture(scope="module")
def demonstration(platform: Containers) -> tuple[str, dict[str, int]]:
    """What the main job printed in a module's platform, and what could be read meanwhile on its network."""
    with platform.wire() as heard:
        printed = platform.demo()
    return printed, heard


@pytest.fixture(scope="module")
def demo(demonstration: tuple[str, dict[str, int]]) -> str:
    """What the main job printed."""
    return demonstration[0]


@pytest.fixture(scope="module")
def heard(demonstration: tuple[str, dict[str, int]]) -> dict[str, int]:
    """How often each protocol could be read on the network."""
    return demonstration[1]
