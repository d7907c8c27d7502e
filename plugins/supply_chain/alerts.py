"""Alerts: messages to people, by e-mail and to a chat, where the settings name an address."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

TIMEOUT_SECONDS = 10


class AlertError(RuntimeError):
    """An alert did not reach everybody; the message names each address that failed, and why."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    media_type: str = "text/csv"


def are_configured(settings: Settings) -> bool:
    """Say whether an alert would reach anybody."""
    return bool(settings.alert_webhook or settings.alert_emails)


def send(settings: Settings, subject: str, text: str, attachment: Attachment | None = None) -> None:
    """Send an alert by every way that is configured; one that fails does not keep the others from it.

    Args:
        settings: the addresses.
        subject: one line.
        text: what happened and what to do.
        attachment: goes with the e-mail alone.

    Raises:
        AlertError: one or more ways failed.
    """
    failures = list(_failures(settings, subject, text, attachment))
    if failures:
        raise AlertError("; ".join(failures))


def _failures(settings: Settings, subject: str, text: str, attachment: Attachment | None) -> Iterator[str]:
    if settings.alert_webhook:
        try:
            # The form that Slack, Mattermost, Rocket.Chat and Google Chat take.
            answer = requests.post(
                settings.alert_webhook, json={"text": f"*{subject}*\n{text}"}, timeout=TIMEOUT_SECONDS
            )
            answer.raise_for_status()
        except requests.RequestException as error:
            # Without the address: whoever knows it can post.
            yield f"ALERT_WEBHOOK: {type(error).__name__}{_status_of(error)}"
    if settings.alert_emails:
        try:
            _mail(settings, subject, text, attachment)
        except (OSError, smtplib.SMTPException) as error:
            yield f"SMTP_SERVER {settings.smtp_server}: {error}"


def _status_of(error: requests.RequestException) -> str:
    return f" {error.response.status_code}" if error.response is not None else ""


def _mail(settings: Settings, subject: str, text: str, attachment: Attachment | None) -> None:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = settings.smtp_sender
    message["To"] = settings.alert_emails
    message.set_content(text)
    if attachment:
        kind, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, kind, subtype, filename=attachment.name)
    host, _, port = settings.smtp_server.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT_SECONDS) as server:
        if server.has_extn("starttls") or settings.smtp_user:
            server.starttls()
        if settings.smtp_user and settings.smtp_password_file:
            server.login(settings.smtp_user, settings.smtp_password_file.read_text(encoding="utf-8").strip())
        server.send_message(message)
