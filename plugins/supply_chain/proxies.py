"""Proxies of the network: for what is elsewhere, never for the deployment's own parts.

The variables ``HTTP_PROXY``, ``HTTPS_PROXY`` and ``ALL_PROXY`` are heeded by everything here that is made of requests,
httpx or Python's own library; ``NO_PROXY`` says for which hosts they are not. Java heeds none of them. Its own
properties (``http.proxyHost``, ``socksProxyHost``), which ``JAVA_TOOL_OPTIONS`` may hold, spare the local host by
default.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PROXIES = ("http_proxy", "https_proxy", "all_proxy")
EXCEPTIONS = ("no_proxy", "NO_PROXY")
"""Which of the two spellings counts differs between libraries."""

LOCAL = ("127.0.0.1", "localhost", "::1")


def bypass(hosts: Iterable[str]) -> None:
    """Except hosts, and the local one, from the proxies of this process and of its children.

    What is excepted already stays so. Without a proxy nothing changes.

    Args:
        hosts: names or addresses, without ports.
    """
    if not any(os.environ.get(spelling) for name in PROXIES for spelling in (name, name.upper())):
        return
    given = [host.strip() for name in EXCEPTIONS for host in os.environ.get(name, "").split(",")]
    excepted = ",".join(dict.fromkeys(host for host in (*given, *LOCAL, *hosts) if host))
    for name in EXCEPTIONS:
        os.environ[name] = excepted
