from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from supply_chain.stack.parts import PARTS
from supply_chain.stack.ports import PortConflictError, free_ports_of
from supply_chain.stack.supervisor import DEPLOYMENT
from tests.servers import deployment

LISTEN = "import socket, sys; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(flush=True); s.accept()"


@pytest.fixture
def settings():
    """A deployment on whose ports nothing listens."""
    with deployment() as own:
        yield own


@pytest.fixture
def listener(settings):
    """Start a program that listens on Kafka's port, with further environment variables."""
    started = []

    def start(**environment: str) -> subprocess.Popen:
        arguments = [sys.executable, "-c", LISTEN, str(settings.kafka_port)]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, env={**os.environ, **environment})
        process.stdout.readline()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_free_port_is_no_conflict(settings):
    free_ports_of(settings, PARTS["kafka"])


def test_a_stranger_on_the_port_is_named_with_the_remedy(settings, listener):
    stranger = listener()
    with pytest.raises(PortConflictError) as error:
        free_ports_of(settings, PARTS["kafka"])
    assert f"kafka needs port {settings.kafka_port}, which python" in str(error.value)
    assert f"(pid {stranger.pid})" in str(error.value)
    assert f"KAFKA_PORT={settings.kafka_port + 1} make up" in str(error.value)


def test_what_another_deployment_runs_is_left_alone(settings, listener):
    stranger = listener(**{DEPLOYMENT: "/another/deployment"})
    with pytest.raises(PortConflictError):
        free_ports_of(settings, PARTS["kafka"])
    assert stranger.poll() is None


def test_what_a_killed_supervisor_left_behind_is_ended(settings, listener):
    leftover = listener(**{DEPLOYMENT: str(settings.state_dir)})
    free_ports_of(settings, PARTS["kafka"])
    leftover.wait(5)
    with socket.create_server(("127.0.0.1", settings.kafka_port)):
        pass
