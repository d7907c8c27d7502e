"""A client of the supervisor of the native stack.

supervisord restarts a part that dies. Only after several failed starts in a row, or when somebody stopped a part by
hand, does a part stay down. Containers have a supervisor of their own that takes no commands.
"""

from __future__ import annotations

import http.client
import socket
import time
from typing import TYPE_CHECKING, Any
from xmlrpc import client as xmlrpc

from supply_chain.paths import supervisor_socket

if TYPE_CHECKING:
    from supply_chain.settings import Settings

UP = frozenset({"STARTING", "RUNNING", "BACKOFF"})
"""States in which the supervisor itself sees to it that the part runs."""

TIMEOUT_SECONDS = 45.0
"""A part has 30 seconds to end before it is killed, and the supervisor answers after that."""

SHUTDOWN_SECONDS = 60
"""How long supervisord may take to end."""


class SupervisorError(RuntimeError):
    """The supervisor does not answer or refuses; the message says what and why."""


class _SocketConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("supervisor", timeout=TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_SECONDS)
        self.sock.connect(self._path)


class _SocketTransport(xmlrpc.Transport):
    """XML-RPC over a Unix socket, whatever host the address names.

    Python's own library does it; the supervisor's client would bring the whole supervisor into every environment.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:  # noqa: ARG002 (the base class names it)
        return _SocketConnection(self._path)


class Supervisor:
    """The supervisor that owns the processes of this deployment, if it has one."""

    def __init__(self, settings: Settings) -> None:
        self._socket = supervisor_socket(settings)

    def is_running(self) -> bool:
        """Say whether supervisord answers."""
        try:
            self._call("getState")
        except SupervisorError:
            return False
        return True

    def states(self) -> dict[str, dict[str, Any]]:
        """Return what supervisord knows of each part: ``statename``, ``start`` (epoch seconds), ``pid``..., by name.

        Raises:
            SupervisorError: supervisord does not answer.
        """
        return {info["name"]: info for info in self._call("getAllProcessInfo")}

    def start(self, name: str) -> None:
        """Start a part, unless it is up.

        Raises:
            SupervisorError: supervisord does not answer, does not know the part, or cannot start it.
        """
        if self._state(name) not in UP:
            self._call("startProcess", name, False)

    def stop(self, name: str) -> None:
        """Stop a part, and wait until it has ended.

        Raises:
            SupervisorError: supervisord does not answer, does not know the part, or cannot stop it.
        """
        if self._state(name) in UP:
            self._call("stopProcess", name, True)

    def ensure_up(self, name: str) -> str:
        """Start a part that the supervisor has given up on or that was stopped.

        Returns:
            What was found and done, in words.

        Raises:
            SupervisorError: as for :meth:`start`.
        """
        if not self._socket.exists():
            return self._nobody(name)
        state = self._state(name)
        if state in UP:
            return f"the supervisor has it {state}"
        self.start(name)
        return f"the supervisor had it {state}; started it"

    def restart(self, name: str) -> str:
        """Stop a part and start it again.

        Returns:
            What was done, in words.

        Raises:
            SupervisorError: as for :meth:`start`.
        """
        if not self._socket.exists():
            return self._nobody(name)
        self.stop(name)
        self.start(name)
        return f"the supervisor restarted {name}"

    def shut_down(self) -> None:
        """End supervisord, and wait until its socket is gone.

        Raises:
            SupervisorError: it does not answer, or does not end.
        """
        self._call("shutdown")
        deadline = time.monotonic() + SHUTDOWN_SECONDS
        while self._socket.exists():
            if time.monotonic() > deadline:
                raise SupervisorError(f"supervisord does not end; see {self._socket.parent}")
            time.sleep(0.1)

    def _state(self, name: str) -> str:
        return str(self._call("getProcessInfo", name)["statename"])

    def _nobody(self, name: str) -> str:
        return f"no supervisor at {self._socket}: whoever runs {name} restarts it"

    def _call(self, method: str, *arguments: Any) -> Any:
        try:
            with xmlrpc.ServerProxy("http://supervisor", _SocketTransport(str(self._socket))) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.Error) as error:
            described = f"supervisor at {self._socket}: {method}{arguments}: {error}; see `make status`"
            raise SupervisorError(described) from error
