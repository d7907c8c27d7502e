"""Real servers for the tests: a deployment of its own, with free ports, secrets and a state directory."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from supply_chain.environment import ensure_env_file
from supply_chain.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PORT_SETTINGS = [name for name in Settings.model_fields if name.endswith("_port")]


def free_ports(count: int) -> list[int]:
    """Ask the kernel for unused ports; they are held until all are known, so that no two are the same."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """A fresh deployment; subprocesses find it by ENV_FILE, as every program of the platform does."""
    # Not below pytest's own folder: the path of a Unix socket may have 107 characters.
    state = Path(tempfile.mkdtemp(prefix="supply-chain-"))
    environment_file = state / "settings.env"
    chosen = dict(zip(PORT_SETTINGS, free_ports(len(PORT_SETTINGS)), strict=True))
    lines = [f"{name.upper()}={port}" for name, port in chosen.items()]
    environment_file.write_text("\n".join([f"STATE_DIR={state}", "POSTGRES_SHARED_BUFFERS=64MB", *lines]) + "\n")
    ensure_env_file(environment_file)
    (state / "run").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENV_FILE", str(environment_file))
        yield load_settings()
    shutil.rmtree(state)


@contextlib.contextmanager
def running(part: ModuleType, settings: Settings, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run a part of the native stack until it answers, and stop it at the end."""
    log = settings.state_dir / f"{part.__name__.rpartition('.')[2]}.log"
    part.prepare(settings)
    with log.open("ab") as output:
        process = subprocess.Popen(
            part.command(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
    try:
        retry(stop=stop_after_delay(90), wait=wait_fixed(0.2), reraise=True)(part.probe)(settings)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="session")
def postgres_server(settings: Settings) -> Iterator[Settings]:
    """A running PostgreSQL with the platform's roles, databases and schema."""
    from supply_chain.stack import cluster, postgres

    with running(postgres, settings):
        cluster.ensure_databases(settings)
        yield settings


@pytest.fixture(scope="session")
def kafka_server(settings: Settings) -> Iterator[Settings]:
    """A running Kafka broker."""
    from supply_chain.stack import kafka

    with running(kafka, settings):
        yield settings


@pytest.fixture
def database(postgres_server: Settings) -> Settings:
    """The running PostgreSQL, every table of the platform empty."""
    from supply_chain.database import DATABASE
    from supply_chain.stack.cluster import connect_as_superuser

    with (
        contextlib.closing(connect_as_superuser(postgres_server, DATABASE)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor if "yoyo" not in name]
        assert "public.order_lines" in tables
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'staging'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name} CASCADE")
    return postgres_server


@pytest.fixture
def kafka(kafka_server: Settings) -> Settings:
    """The running Kafka broker, without topics."""
    from confluent_kafka.admin import AdminClient

    client = AdminClient({"bootstrap.servers": kafka_server.kafka_bootstrap_servers})
    topics = [name for name in client.list_topics(timeout=10).topics if not name.startswith("__")]
    if topics:
        for deletion in client.delete_topics(topics).values():
            deletion.result()
    return kafka_server
