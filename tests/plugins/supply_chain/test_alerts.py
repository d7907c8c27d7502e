from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supply_chain import alerts
from tests.receivers import chat, mail_server

if TYPE_CHECKING:
    from supply_chain.settings import Settings


def test_nobody_is_alerted_by_default(settings: Settings) -> None:
    assert not alerts.are_configured(settings)
    alerts.send(settings, "nothing", "to nobody")


def test_an_alert_goes_to_mail_and_chat(settings: Settings) -> None:
    with mail_server() as (server, messages), chat() as (address, posts):
        to = {"alert_emails": "ann@example.com,bob@example.com", "smtp_server": server, "alert_webhook": address}
        alerts.send(
            settings.model_copy(update=to),
            "232 lines to order",
            "See the dashboard.",
            alerts.Attachment("orders.csv", "product,München\n".encode()),
        )
    (message,) = messages
    assert message["Subject"] == "232 lines to order"
    assert message["To"] == "ann@example.com, bob@example.com"
    assert message.get_body().get_content().strip() == "See the dashboard."
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "orders.csv"
    assert attachment.get_payload(decode=True) == "product,München\n".encode()
    assert posts == [{"text": "*232 lines to order*\nSee the dashboard."}]


def test_one_way_that_fails_does_not_hold_up_the_other_and_is_named(settings: Settings) -> None:
    with mail_server() as (server, messages), chat(status=403) as (address, _):
        to = {"alert_emails": "ann@example.com", "smtp_server": server, "alert_webhook": address}
        with pytest.raises(alerts.AlertError) as error:
            alerts.send(settings.model_copy(update=to), "subject", "text")
    assert str(error.value) == "ALERT_WEBHOOK: HTTPError 403"
    assert len(messages) == 1


def test_a_mail_server_that_does_not_answer_is_named(settings: Settings) -> None:
    to = {"alert_emails": "ann@example.com", "smtp_server": "127.0.0.1:1"}
    with pytest.raises(alerts.AlertError, match=r"SMTP_SERVER 127\.0\.0\.1:1: .*refused"):
        alerts.send(settings.model_copy(update=to), "subject", "text")
