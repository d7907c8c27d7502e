"""The supervisor of the native stack, asked to start again what it has given up on.

It restarts what dies by itself; only after several failed starts in a row, or when somebody stopped a part by hand,
does a part stay down. Containers have a supervisor of their own that needs no asking.
"""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING, Any
from xmlrpc import client as xmlrpc

from supply_chain.paths import supervisor_socket

if TYPE_CHECKING:
    from supply_chain.settings import Settings

UP = frozenset({"STARTING", "RUNNING", "BACKOFF"})
"""States in which the supervisor itself sees to it that the part runs."""

TIMEOUT_SECONDS = 45.0
"""A part has 30 seconds to end before it is killed, and the supervisor answers after that."""


class SupervisorError(RuntimeError):
    """The supervisor does not answer or refuses."""


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

    def ensure_up(self, program: str) -> str:
        """Start a part that the supervisor has given up on or that was stopped.

        Args:
            program: name of the part, e.g. ``producer``.

        Returns:
            What was found and done, in words.

        Raises:
            SupervisorError: the supervisor does not answer, does not know the part, or cannot start it.
        """
        if not self._socket.exists():
            return f"no supervisor at {self._socket}: whoever runs {program} restarts it"
        state = self._call("getProcessInfo", program)["statename"]
        if state in UP:
            return f"the supervisor has it {state}"
        self._call("startProcess", program, False)
        return f"the supervisor had it {state}; started it"

    def restart(self, program: str) -> str:
        """Stop a part and start it again.

        Raises:
            SupervisorError: as for :meth:`ensure_up`.
        """
        if not self._socket.exists():
            return f"no supervisor at {self._socket}: whoever runs {program} restarts it"
        if self._call("getProcessInfo", program)["statename"] in UP:
            self._call("stopProcess", program, True)
        self._call("startProcess", program, False)
        return f"the supervisor restarted {program}"

    def _call(self, method: str, *arguments: Any) -> Any:
        try:
            with xmlrpc.ServerProxy("http://supervisor", _SocketTransport(str(self._socket))) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        except (OSError, http.client.HTTPException, xmlrpc.Error) as error:
            described = f"supervisor at {self._socket}: {method}{arguments}: {error}; see `make status`"
            raise SupervisorError(described) from error
