"""A proxy of the network is not asked for the platform's own parts."""

from __future__ import annotations

import socket
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from supply_chain import proxies
from supply_chain.settings import load_settings
from tests.servers import environment

VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"]
ASK = {
    "requests": "import requests; r = requests.get({url!r}, timeout=10); r.raise_for_status()",
    "httpx": "import httpx; httpx.get({url!r}, timeout=10).raise_for_status()",
    "urllib": "from urllib.request import urlopen; urlopen({url!r}, timeout=10)",
}


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Refuse(socketserver.BaseRequestHandler):
    """A proxy that cannot reach anything on this machine."""

    def handle(self):
        self.request.recv(65_536)
        self.request.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


@pytest.fixture
def proxy():
    """The address of a proxy that answers 503 to everything."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def page():
    """The address of a server that answers."""
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def behind(monkeypatch, proxy):
    """An environment in which everything is to go by the proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        # Set first, so that it is put back as it was whatever the test leaves.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name in VARIABLES:
        monkeypatch.setenv(name, proxy)
    return monkeypatch


def ask(library: str, url: str, variables: dict[str, str], first: str = "pass") -> subprocess.CompletedProcess:
    program = f"{first}; {ASK[library].format(url=url)}"
    return subprocess.run(
        [sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("library", ASK)
def test_a_part_is_asked_itself_and_everything_else_by_the_proxy(settings, behind, page, library):
    variables = environment(settings)
    loaded = "from supply_chain.settings import load_settings; load_settings()"
    assert ask(library, page, variables, loaded).returncode == 0
    assert "503" in ask(library, page, variables).stderr
    assert "503" in ask(library, "http://elsewhere.example", variables, loaded).stderr


def test_children_inherit_the_exception(settings, behind, page):
    load_settings()
    assert ask("httpx", page, environment(settings)).returncode == 0


def test_what_is_excepted_already_stays_so(behind):
    behind.setenv("NO_PROXY", "intranet.example, 10.0.0.0/8")
    proxies.bypass(["kafka", "127.0.0.1"])
    wanted = "intranet.example,10.0.0.0/8,127.0.0.1,localhost,::1,kafka"
    assert [proxies.os.environ[name] for name in proxies.EXCEPTIONS] == [wanted, wanted]


def test_without_a_proxy_nothing_changes(behind):
    for name in VARIABLES:
        behind.delenv(name)
    proxies.bypass(["kafka"])
    assert not set(proxies.EXCEPTIONS) & set(proxies.os.environ)


def test_every_part_in_containers_is_excepted(behind, settings):
    hosts = {"postgres_host": "postgres", "flink_host": "jobmanager", "airflow_host": "api-server", "own_host": ""}
    found = load_settings(**hosts, kafka_servers="kafka:9092,kafka-2:9092").hosts
    expected = {*(host for host in hosts.values() if host), "kafka", "kafka-2", "127.0.0.1", socket.gethostname()}
    assert set(found) == expected
