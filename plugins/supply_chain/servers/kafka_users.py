"""Kafka's users and what each of them may do, where Kafka asks who somebody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from supply_chain.kafka.clients import connection
from supply_chain.kafka.topics import CONSUMER_GROUP, DAYS, DAYS_GROUP, ORDERS, REJECTED

if TYPE_CHECKING:
    from supply_chain.settings import Settings

ITERATIONS = 8192
TIMEOUT_SECONDS = 30.0

TOPIC, GROUP, TRANSACTION = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID
EXACTLY, BEGINNING = ResourcePatternType.LITERAL, ResourcePatternType.PREFIXED
READ, WRITE, DESCRIBE = AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE
KEEP = (
    AclOperation.CREATE, AclOperation.DELETE, AclOperation.ALTER, AclOperation.ALTER_CONFIGS,
    AclOperation.DESCRIBE_CONFIGS,
)  # fmt: skip

ALLOWED = {
    # Writes order lines, and reads from the topic how far it is.
    "producer": [
        (TOPIC, ORDERS, EXACTLY, (READ, WRITE, DESCRIBE)),
        (GROUP, "order-producer-", BEGINNING, (READ,)),
    ],
    # Reads order lines, and writes rejected ones in transactions.
    "stream": [
        (TOPIC, ORDERS, EXACTLY, (READ, DESCRIBE)),
        (TOPIC, REJECTED, EXACTLY, (READ, WRITE, DESCRIBE)),
        (GROUP, CONSUMER_GROUP, BEGINNING, (READ,)),
        (TRANSACTION, CONSUMER_GROUP, BEGINNING, (WRITE, DESCRIBE)),
    ],
    # Makes and mends the topics, and reads them to recompute the tables; announces the days that are complete.
    "operator": [
        (TOPIC, ORDERS, EXACTLY, (READ, DESCRIBE, *KEEP)),
        (TOPIC, REJECTED, EXACTLY, (READ, DESCRIBE, *KEEP)),
        (TOPIC, DAYS, EXACTLY, (READ, WRITE, DESCRIBE, *KEEP)),
        (GROUP, CONSUMER_GROUP, EXACTLY, (DESCRIBE,)),
        (GROUP, DAYS_GROUP, BEGINNING, (READ,)),
        (GROUP, "ledger-", BEGINNING, (READ,)),
        (GROUP, "supply-chain-source", EXACTLY, (READ,)),
    ],
}
"""By user: kind of resource, its name, how the name is meant, operations. Everything else is refused."""


def ensure_users(settings: Settings) -> None:
    """Make the users with their passwords, and allow what they may; a second time changes nothing.

    Args:
        settings: ``kafka_servers`` names the brokers' own listener, where certificates say who somebody is.

    Raises:
        confluent_kafka.KafkaException: the cluster refuses or does not answer.
    """
    identity = str(settings.kafka_admin_identity)
    administrator = AdminClient({
        **connection(settings),
        "security.protocol": "SSL",
        "ssl.ca.location": str(settings.tls_authority),
        # One file holds both.
        "ssl.certificate.location": identity,
        "ssl.key.location": identity,
    })  # fmt: skip
    passwords = {user: getattr(settings, f"kafka_{user}_password").get_secret_value().encode() for user in ALLOWED}
    kept = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS)
    changes: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, kept, password) for user, password in passwords.items()
    ]
    answers = administrator.alter_user_scram_credentials(changes)
    for answer in [*answers.values(), *administrator.create_acls(_bindings()).values()]:
        answer.result(TIMEOUT_SECONDS)


def _bindings() -> list[AclBinding]:
    return [
        AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)
        for user, rules in ALLOWED.items()
        for kind, name, pattern, operations in rules
        for operation in operations
    ]
