"""Deployments of their own for tests and benchmarks, and real servers in them."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from supply_chain.servers.parts import PARTS
from supply_chain.settings import PORTS, REPOSITORY, Settings, load_settings
from supply_chain.settings_file import ensure_env_file, store

if TYPE_CHECKING:
    from collections.abc import Iterator


PROXY = "http://127.0.0.1:9"
"""A proxy that reaches nothing on this machine: nobody listens there."""

SERVER_PORTS = (10_000, 30_000)
"""Below the ports that Linux and macOS give to clients, and above those that the platform has by default."""

COMPANY = {
    **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"), PROXY),
    "JAVA_TOOL_OPTIONS": "-Dfile.encoding=UTF-8",
}
"""Variables that the machines of many companies have, and that must change nothing."""


@contextlib.contextmanager
def deployment(**chosen: str) -> Iterator[Settings]:
    """Make a deployment with free ports, secrets and a state directory of its own, and remove it at the end.

    Args:
        chosen: further settings, by their names in the settings file.
    """
    # Not below pytest's own folder: the path of a Unix socket may have 107 characters.
    state = Path(tempfile.mkdtemp(prefix="supply-chain-"))
    file = state / "settings.env"
    ports = {name.upper(): str(port) for name, port in free_ports().items()}
    values = {"STATE_DIR": str(state), "POSTGRES_SHARED_BUFFERS": "64MB", **ports, **chosen}
    ensure_env_file(file)
    store(file, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENV_FILE", str(file))
        settings = load_settings()
    yield settings
    shutil.rmtree(state, ignore_errors=True)


@contextlib.contextmanager
def demonstrated(**chosen: str) -> Iterator[tuple[Settings, subprocess.CompletedProcess[str]]]:
    """Run the whole platform in a deployment of its own as `make demo` leaves it; stop and remove it at the end.

    It starts with the variables of :data:`COMPANY`.

    Args:
        chosen: settings, as for :func:`deployment`.

    Yields:
        The deployment, and how the demo ended, which is for the caller to judge.
    """
    stack = [sys.executable, "-m", "supply_chain.stack"]
    with deployment(**chosen) as settings:
        variables = environment(settings)
        try:
            demo = subprocess.run(
                [*stack, "demo"],
                env={**variables, **COMPANY},
                capture_output=True,
                text=True,
                check=False,
                timeout=1200,
            )
            yield settings, demo
        finally:
            subprocess.run([*stack, "down"], env=variables, capture_output=True, check=False, timeout=300)


def environment(settings: Settings) -> dict[str, str]:
    """Return the variables with which a program of the platform works in a deployment.

    Those of `make test` are left out: a `make` of the tests would print where it is before its answer.
    """
    named = {"ENV_FILE": str(settings.state_dir / "settings.env"), "PYTHONPATH": str(REPOSITORY / "plugins")}
    own = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return {**own, **named}


def free_ports() -> dict[str, int]:
    """Choose unused ports that the kernel gives to no client, so that they stay unused until the servers start."""
    candidates = iter(random.sample(range(*SERVER_PORTS), k=1000))
    return {name: next(port for port in candidates if _is_free(port)) for name in PORTS}


def _is_free(port: int) -> bool:
    with socket.socket() as each:
        return each.connect_ex(("127.0.0.1", port)) != 0


@contextlib.contextmanager
def running(name: str, settings: Settings) -> Iterator[None]:
    """Run a part of the native stack until it answers, and stop it at the end."""
    part = PARTS[name]
    log = settings.state_dir / f"{name}.log"
    part.prepare(settings)
    with log.open("ab") as output:
        process = subprocess.Popen(
            part.command(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **part.environment(settings)},
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
