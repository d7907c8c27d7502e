"""The list of what to order, as people receive it."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from supply_chain.replenishment import order_list, planning, runs
from tests.plugins.supply_chain.replenishment.conftest import read
from tests.receivers import chat, mail_server

if TYPE_CHECKING:
    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration


def test_the_mail_has_every_line_of_the_plan_with_ids_prices_and_reasons(forecast: Settings) -> None:
    runs.begin(forecast, "plan", {}, triggered_by="test")
    planning.plan(forecast, "plan")
    expected = read(
        forecast,
        "SELECT product_id, retailer_id, suggested_quantity, suggested_value FROM latest_replenishment_plan"
        " WHERE suggested_quantity > 0",
    )
    assert len(expected) > 10

    with mail_server() as (server, messages), chat() as (address, posts):
        to = {"alert_emails": "buyer@example.com", "smtp_server": server, "alert_webhook": address}
        assert order_list.send(forecast.model_copy(update=to), "plan") == len(expected)

    (message,) = messages
    (file,) = message.iter_attachments()
    lines = list(csv.DictReader(io.StringIO(file.get_payload(decode=True).decode("utf-8-sig"))))
    listed = {
        (int(line["product_id"]), int(line["retailer_id"]), int(line["suggested_quantity"]), line["suggested_value"])
        for line in lines
    }
    assert listed == {(product, retailer, units, f"{value:.2f}") for product, retailer, units, value in expected}
    assert all(line["why"] and line["unit_price"] and line["currency"] == "USD" for line in lines)
    days = [int(line["days_to_stock_out"]) for line in lines if line["days_to_stock_out"]]
    assert days == sorted(days)
    total = sum((value for *_, value in expected), Decimal(0))
    assert f"{len(expected):,} lines to order, {total:,.2f} USD" in message["Subject"]
    assert lines[0]["product_name"] in posts[0]["text"]


def test_the_list_of_an_older_plan_is_not_sent(forecast: Settings) -> None:
    for plan_id in ("plan", "newer"):
        runs.begin(forecast, plan_id, {}, triggered_by="test")
        planning.plan(forecast, plan_id)
    with mail_server() as (server, messages):
        to = {"alert_emails": "buyer@example.com", "smtp_server": server}
        assert order_list.send(forecast.model_copy(update=to), "plan") == 0
    assert messages == []
