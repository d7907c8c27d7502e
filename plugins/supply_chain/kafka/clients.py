"""Clients of Kafka: all of them reach the brokers in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from confluent_kafka.admin import AdminClient

if TYPE_CHECKING:
    from supply_chain.settings import Settings


SCRAM = "SCRAM-SHA-512"
"""How clients prove that they know their password, where Kafka asks for one."""


def connection(settings: Settings) -> dict[str, Any]:
    """Return the options by which every client of librdkafka finds the brokers."""
    # Without a logger of its own a client writes every refused connection to standard error.
    options = {"bootstrap.servers": settings.kafka_bootstrap_servers, "log_level": 0}
    if settings.kafka_user:
        options |= {
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": str(settings.tls_authority),
            "sasl.mechanisms": SCRAM,
            "sasl.username": settings.kafka_user,
            "sasl.password": settings.kafka_password,
        }
    return options


def administrator(settings: Settings) -> AdminClient:
    """Return a client that asks for topics and changes them."""
    return AdminClient(connection(settings))
