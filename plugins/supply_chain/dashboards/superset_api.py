"""A client of Superset's REST API, logged in as its administrator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import requests
from lxml import html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

PAGE = 1000
"""Rows of a list in one answer; FAB_API_MAX_PAGE_SIZE of Superset's configuration allows so many."""

ORDERS = {"chart": "slice_name", "dashboard": "dashboard_title", "dataset": "table_name"}
SECONDS = 60


class SupersetError(RuntimeError):
    """Superset refuses; the message has its answer."""


class SupersetApi:
    """Superset's REST API as a user.

    The client logs in like a browser and keeps the session's cookie. Where the dashboards are public, Superset ignores
    token logins and treats the caller as anonymous.

    Raises:
        SupersetError: it refuses; so do all methods.
        requests.RequestException: it does not answer; so do all methods.
    """

    def __init__(self, settings: Settings, user: str = "admin") -> None:
        self._url = settings.superset_url
        self._session = requests.Session()
        self._session.headers["Referer"] = f"{self._url}/"
        page = self._session.get(f"{self._url}/login/", timeout=SECONDS)
        page.raise_for_status()
        (token,) = html.fromstring(page.text).xpath("//input[@name='csrf_token']/@value")[:1] or ("",)
        login = {"username": user, "password": settings.password_of(user), "csrf_token": token}
        answer = self._session.post(f"{self._url}/login/", data=login, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        if "/login" in answer.headers.get("Location", "/login"):
            raise SupersetError(
                f"it rejected the login of {user}: {user.upper()}_PASSWORD has changed since it started"
            )
        self._session.headers["X-CSRFToken"] = token

    def get(self, path: str) -> dict[str, Any]:
        """Return what is at a path below ``/api/v1/``."""
        return self.call("GET", path)

    def every(self, resource: str, columns: list[str]) -> Iterator[dict[str, Any]]:
        """Go through a resource's list: ``chart``, ``dashboard`` or ``dataset``."""
        page = 0
        while True:
            query = json.dumps({
                "columns": columns, "page": page, "page_size": PAGE, "order_column": ORDERS[resource],
                "order_direction": "asc",
            })  # fmt: skip
            found = self.call("GET", f"{resource}/", params={"q": query})["result"]
            yield from found
            if len(found) < PAGE:
                return
            page += 1

    def delete(self, path: str) -> None:
        """Delete what is at a path."""
        self.call("DELETE", path)

    def import_assets(self, bundle: bytes) -> None:
        """Replace databases, datasets, charts and dashboards by those of a bundle, all of them or none."""
        self.call("POST", "assets/import/", files={"bundle": ("bundle.zip", bundle, "application/zip")})

    def call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        """Send a request to a path below ``/api/v1/``, and return the answer."""
        result: dict[str, Any] = self._answer(method, path, **options).json()
        return result

    def download(self, path: str) -> bytes:
        """Return the file at a path below ``/api/v1/``."""
        return self._answer("GET", path).content

    def _answer(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self._session.request(method, f"{self._url}/api/v1/{path}", timeout=SECONDS, **options)
        if not answer.ok:
            raise SupersetError(f"{method} {path}: {answer.status_code} {answer.text[:2000]}")
        return answer
