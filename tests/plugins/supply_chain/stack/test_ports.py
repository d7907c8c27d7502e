from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys

import pytest

from supply_chain.servers.parts import PARTS
from supply_chain.settings import PORTS, SettingsError, load_settings
from supply_chain.settings_file import ensure_env_file
from supply_chain.stack import ports
from supply_chain.stack.ports import PortConflictError, free_ports_of, move_ports
from supply_chain.stack.supervisord import DEPLOYMENT
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
    (proposed,) = re.findall(r"KAFKA_PORT=(\d+) make up; `make ports`", str(error.value))
    assert int(proposed) not in {getattr(settings, name) for name in PORTS}
    with socket.create_server(("127.0.0.1", int(proposed))):
        pass


def test_what_another_deployment_runs_is_left_alone(settings, listener):
    stranger = listener(**{DEPLOYMENT: "/another/deployment"})
    with pytest.raises(PortConflictError):
        free_ports_of(settings, PARTS["kafka"])
    assert stranger.poll() is None


def test_a_part_that_wrote_over_its_environment_is_known_by_its_parent(settings, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(settings.state_dir / "settings.env"))
    program = f"env --unset={DEPLOYMENT} {sys.executable} -c {shlex.quote(LISTEN)} {settings.kafka_port}; exit"
    variables = {**os.environ, DEPLOYMENT: str(settings.state_dir)}
    with subprocess.Popen(["bash", "-c", program], stdout=subprocess.PIPE, env=variables) as parent:
        parent.stdout.readline()
        try:
            assert move_ports(settings, chosen_too=True) == {}
        finally:
            socket.create_connection(("127.0.0.1", settings.kafka_port)).close()


def test_what_a_killed_supervisor_left_behind_is_ended(settings, listener):
    leftover = listener(**{DEPLOYMENT: str(settings.state_dir)})
    free_ports_of(settings, PARTS["kafka"])
    leftover.wait(5)
    with socket.create_server(("127.0.0.1", settings.kafka_port)):
        pass


@pytest.fixture
def first(tmp_path, monkeypatch):
    """A deployment that has never run, with the default ports; nothing chose any."""
    for name in PORTS:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    ensure_env_file()
    return load_settings


def held(monkeypatch, *taken: int) -> None:
    """Let another program listen on some ports alone, whatever runs on this machine."""
    monkeypatch.setattr(ports, "_listening", lambda: {port: [None] for port in taken})


def test_default_ports_stay_where_they_are_free(first, monkeypatch):
    held(monkeypatch)
    assert move_ports(first(), chosen_too=False) == {}
    assert first().airflow_port == 8080


def test_what_is_taken_moves_together_and_is_remembered(first, monkeypatch):
    held(monkeypatch, 8080, 8088, 8180, 15_432)
    moved = move_ports(first(), chosen_too=False)
    assert moved == {
        "POSTGRES_PORT": (15_432, 15_632), "AIRFLOW_PORT": (8080, 8280), "SUPERSET_PORT": (8088, 8288),
    }  # fmt: skip
    settings = first()
    assert (settings.postgres_port, settings.airflow_port, settings.superset_port) == (15_632, 8280, 8288)
    assert settings.kafka_port == 19_092
    held(monkeypatch, 8080, 8088, 8180, 15_432)
    assert move_ports(settings, chosen_too=True) == {}


def test_a_port_that_somebody_chose_moves_on_request_alone(first, monkeypatch, tmp_path):
    with (tmp_path / ".env").open("a") as file:
        file.write("AIRFLOW_PORT=9000\n")
    held(monkeypatch, 9000, 9088)
    monkeypatch.setenv("SUPERSET_PORT", "9088")
    assert move_ports(first(), chosen_too=False) == {}
    assert move_ports(first(), chosen_too=True) == {"AIRFLOW_PORT": (9000, 9100)}


def test_no_port_is_given_twice(first, monkeypatch):
    # One step on is a port of another part.
    monkeypatch.setenv("FLINK_REST_PORT", "8180")
    held(monkeypatch, 8080)
    assert move_ports(first(), chosen_too=False) == {"AIRFLOW_PORT": (8080, 8280)}
    with pytest.raises(SettingsError, match="AIRFLOW_PORT and SUPERSET_PORT are both 8088: choose another"):
        load_settings(airflow_port=8088)
    elsewhere = load_settings(airflow_port=8088, airflow_host="127.0.0.2")
    assert elsewhere.airflow_port == elsewhere.superset_port


def test_where_no_port_is_free_that_is_said(first, monkeypatch):
    held(monkeypatch, *range(8080, 65_536, 100))
    with pytest.raises(PortConflictError, match="no free ports for AIRFLOW_PORT: choose some yourself"):
        move_ports(first(), chosen_too=False)


def test_a_second_deployment_moves_away_from_the_first(first, listener, settings):
    stranger = listener(**{DEPLOYMENT: "/another/deployment"})
    before = load_settings(kafka_port=settings.kafka_port)
    (moved,) = move_ports(before, chosen_too=False).items()
    assert moved == ("KAFKA_PORT", (settings.kafka_port, load_settings().kafka_port))
    assert stranger.poll() is None
    with socket.create_server(("127.0.0.1", load_settings().kafka_port)):
        pass
