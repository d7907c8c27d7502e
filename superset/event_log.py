"""What Superset writes down of its users' doings."""

from __future__ import annotations

from typing import Any

from flask import has_request_context, request
from superset.utils.log import DBEventLogger

READING = ("/api/v1/chart/data", "/superset/log/", "/superset/explore_json/")


class ChangeLogger(DBEventLogger):
    """Keeps changes, not reading: Superset's own adds a row, and a commit, for each chart that anybody looks at.

    A live page alone would add two hundred thousand rows a day, and a third of the work of each answer is the log.
    """

    def log_with_context(self, *args: Any, **details: Any) -> None:
        """Write down an event unless somebody only reads."""
        if has_request_context() and (request.method == "GET" or request.path.startswith(READING)):
            return
        super().log_with_context(*args, **details)
