"""The supervisor of the native stack, asked to start again what it has given up on.

It restarts what dies by itself; only after several failed starts in a row, or when somebody stopped a part by hand,
does a part stay down. Containers have a supervisor of their own that needs no asking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from xmlrpc import client as xmlrpc

import httpx

from supply_chain.stack.paths import supervisor_socket

if TYPE_CHECKING:
    from supply_chain.settings import Settings

UP = frozenset({"STARTING", "RUNNING", "BACKOFF"})
"""States in which the supervisor itself sees to it that the part runs."""

TIMEOUT_SECONDS = 10.0


class SupervisorError(RuntimeError):
    """The supervisor does not answer or refuses."""


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
        # XML-RPC is one POST; the supervisor's own client would bring the whole supervisor into every environment.
        request = xmlrpc.dumps(arguments, f"supervisor.{method}")
        try:
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(self._socket)), timeout=TIMEOUT_SECONDS) as client:
                answer = client.post(
                    "http://supervisor/RPC2", content=request, headers={"Content-Type": "text/xml"}
                ).raise_for_status()
            (value,), _ = xmlrpc.loads(answer.text)
        except (httpx.HTTPError, xmlrpc.Error) as error:
            described = f"supervisor at {self._socket}: {method}{arguments}: {error}; see `make status`"
            raise SupervisorError(described) from error
        return cast("Any", value)
