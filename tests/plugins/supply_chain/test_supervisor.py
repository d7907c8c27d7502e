"""The native stack's supervisor, asked over its real socket."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from supply_chain.paths import environment_of, supervisor_socket
from supply_chain.supervisor import Supervisor, SupervisorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

CONFIGURATION = """
[unix_http_server]
file={socket}
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile={directory}/supervisord.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[program:producer]
command=sleep 600
startsecs=0
[program:broken]
command=/no/such/program
startretries=0
"""


@pytest.fixture
def supervised(settings: Settings) -> Iterator[Settings]:
    """A supervisord that runs one program and has given up on another."""
    socket = supervisor_socket(settings)
    path = socket.with_name("supervisord.conf")
    path.write_text(CONFIGURATION.format(socket=socket, directory=socket.parent))
    process = subprocess.Popen([environment_of("tests") / "bin" / "supervisord", "-c", path], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    yield settings
    process.terminate()
    process.wait(20)
    socket.unlink(missing_ok=True)


def test_without_a_supervisor(settings: Settings) -> None:
    assert "whoever runs producer restarts it" in Supervisor(settings).ensure_up("producer")


@pytest.mark.integration
def test_leaves_what_is_up_and_starts_what_was_stopped(supervised: Settings) -> None:
    supervisor = Supervisor(supervised)
    assert supervisor.ensure_up("producer") in {"the supervisor has it STARTING", "the supervisor has it RUNNING"}
    supervisor.stop("producer")
    assert supervisor.ensure_up("producer") == "the supervisor had it STOPPED; started it"
    assert supervisor.states()["producer"]["pid"] > 0


@pytest.mark.integration
def test_restart_is_another_process(supervised: Settings) -> None:
    supervisor = Supervisor(supervised)
    before = supervisor.states()["producer"]["pid"]
    assert supervisor.restart("producer") == "the supervisor restarted producer"
    assert supervisor.states()["producer"]["pid"] not in {0, before}


@pytest.mark.integration
def test_says_what_the_supervisor_refuses(supervised: Settings) -> None:
    with pytest.raises(SupervisorError, match=r"getProcessInfo\('nobody',\).*BAD_NAME"):
        Supervisor(supervised).ensure_up("nobody")
