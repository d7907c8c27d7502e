"""The list of what to order, sent to people by e-mail and announced in a chat."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, cast

from psycopg2.extras import RealDictCursor

from supply_chain import alerts
from supply_chain.database import Role, statement, transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supply_chain.settings import Settings

NAMED = 10
"""How many lines the text names; the file has all of them."""


def send(settings: Settings, plan_id: str) -> int:
    """Send what a plan wants to be ordered, as a CSV file, to the addresses of the settings.

    Returns:
        The number of lines in the list. An empty list is not sent, nor that of a what-if or of an older plan.

    Raises:
        supply_chain.alerts.AlertError: an address was not reached.
        psycopg2.Error: PostgreSQL cannot be reached.
    """
    with transaction(settings, Role.READER, "order list", cursor_factory=RealDictCursor) as cursor:
        cursor.execute(statement("replenishment/order_list"), {"plan_id": plan_id})
        lines = cast("list[dict[str, Any]]", cursor.fetchall())
    if not lines:
        return 0
    day = lines[0]["plan_day"]
    value = sum(line["suggested_value"] for line in lines)
    subject = f"Plan of {day}: {len(lines):,} lines to order, {value:,.2f} {lines[0]['currency']}"
    file = alerts.Attachment(f"to-order-{day}.csv", _as_csv(lines).encode("utf-8-sig"))
    alerts.send(settings, subject, _in_words(settings, lines), file)
    return len(lines)


def _in_words(settings: Settings, lines: Sequence[dict[str, Any]]) -> str:
    named = [
        f"{line['suggested_quantity']:,} of {line['product_name']} for {line['retailer']}: {line['stock_status']}, "
        f"{_runs_out(line['days_to_stock_out'])}"
        for line in lines[:NAMED]
    ]
    page = f"{settings.superset_page_url}/superset/dashboard/inventory/"
    return "\n".join(["The most urgent lines:", *named, "", f"All of them, with reasons: {page}"])


def _runs_out(days: int | None) -> str:
    if days is None:
        return "does not run out in the days of the forecast"
    return f"runs out in {days} days" if days else "nothing is left to sell"


def _as_csv(lines: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0].keys())
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()
