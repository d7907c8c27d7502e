"""The native Kafka broker: one KRaft process that is broker and controller."""

from __future__ import annotations

import base64
import subprocess
import uuid
from typing import TYPE_CHECKING

from supply_chain.kafka.clients import administrator
from supply_chain.kafka.topics import MAX_MESSAGE_BYTES
from supply_chain.paths import KAFKA_JARS, java, run_dir
from supply_chain.servers.render import render
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

TEMPLATES = REPOSITORY / "docker" / "kafka"


def _data_dir(settings: Settings) -> Path:
    return settings.state_dir / "kafka"


def _configuration(settings: Settings) -> Path:
    return run_dir(settings) / "kafka.properties"


def prepare(settings: Settings) -> None:
    """Write the broker's configuration, and format its data directory where that is new.

    Raises:
        subprocess.CalledProcessError: formatting failed; what it said is in the error's ``stderr``.
    """
    data = _data_dir(settings)
    values = {
        "KAFKA_HOST": settings.kafka_host,
        "KAFKA_PORT": settings.kafka_port,
        "KAFKA_CONTROLLER_PORT": settings.kafka_controller_port,
        "KAFKA_DATA": data,
        "KAFKA_NODE_ID": 1,
        "KAFKA_VOTERS": f"1@{settings.kafka_host}:{settings.kafka_controller_port}",
        "KAFKA_COPIES": 1,
        "KAFKA_COPIES_IN_SYNC": 1,
        "MAX_MESSAGE_BYTES": MAX_MESSAGE_BYTES,
    }
    configuration = render(TEMPLATES / "server.properties", _configuration(settings), values)
    if not (data / "meta.properties").exists():
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # One argument: an identity that begins with a hyphen would be taken for an option.
        tool = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id}", "-c", str(configuration)]
        subprocess.run([*_java("64m"), *tool], check=True, capture_output=True, text=True)


def command(settings: Settings) -> list[str]:
    """Return the command line of the broker, in the foreground."""
    return [*_java(settings.kafka_heap), "kafka.Kafka", str(_configuration(settings))]


def probe(settings: Settings) -> None:
    """Check that the broker answers.

    Raises:
        confluent_kafka.KafkaException: it does not.
    """
    administrator(settings).list_topics(timeout=5)


def _java(heap: str) -> list[str]:
    return [
        java(),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        f"-Dlog4j2.configurationFile=file:{TEMPLATES / 'log4j2.yaml'}",
        "-cp",
        f"{KAFKA_JARS}/*",
    ]
