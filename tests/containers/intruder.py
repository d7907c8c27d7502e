"""Runs in a container of the platform's network: tries what standard input lists, and prints how each attempt ended."""

from __future__ import annotations

import json
import socket
import ssl
import sys
import tempfile
from contextlib import suppress

import psycopg2
import requests
from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

SECONDS = 8


def ask_kafka(action, topic, options):
    quiet = {"log_level": 0, **options}
    if action == "list":
        AdminClient(quiet).list_topics(timeout=SECONDS)
    elif action == "write":
        failures = []
        producer = Producer({**quiet, "message.timeout.ms": SECONDS * 1000})
        producer.produce(topic, b"{}", on_delivery=lambda error, message: failures.append(error))
        producer.flush(SECONDS)
        if failures and failures[0]:
            raise KafkaException(failures[0])
    elif action == "read":
        consumer = Consumer({"group.id": "intruder", "auto.offset.reset": "earliest", **quiet})
        consumer.subscribe([topic])
        message = consumer.poll(SECONDS)
        if message is not None and message.error():
            raise KafkaException(message.error())
    else:
        admin = AdminClient(quiet)
        answers = admin.create_topics([NewTopic(topic, 1)]) if action == "create" else admin.delete_topics([topic])
        answers[topic].result(SECONDS)


def ask_postgres(sql, options):
    opened = psycopg2.connect(connect_timeout=SECONDS, **options)
    opened.cursor().execute(sql)


def with_identity(options):
    """Write down a key and its certificate, which are asked for as a file, and return its name; None without one."""
    if not options["identity"]:
        return None
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(options["identity"])
    return file.name


def ask_page(action, url, options):
    method, body = ("POST", {"jarfile": b"PK"}) if action == "upload" else ("GET", None)
    answer = requests.request(method, url, files=body, timeout=SECONDS, cert=with_identity(options))
    answer.raise_for_status()


def ask_cluster(host, port, options):
    context = ssl.create_default_context(cafile=options["authority"])
    context.check_hostname = False
    if options["identity"]:
        context.load_cert_chain(with_identity(options))
    # Whoever is not let in learns it with the first answer; the others are waited for to say something.
    with context.wrap_socket(socket.create_connection((host, port), SECONDS)) as opened, suppress(TimeoutError):
        if not opened.recv(1):
            raise ssl.SSLError("closed")


def outcome(attempt):
    try:
        if attempt["at"] == "kafka":
            ask_kafka(attempt["action"], attempt.get("topic"), attempt["options"])
        elif attempt["at"] == "page":
            ask_page(attempt["action"], attempt["url"], attempt["options"])
        elif attempt["at"] == "cluster":
            ask_cluster(attempt["host"], attempt["port"], attempt["options"])
        else:
            ask_postgres(attempt["action"], attempt["options"])
    except KafkaException as error:
        return f"{error.args[0].name()}: {error.args[0].str()}"
    except (psycopg2.Error, requests.RequestException, OSError) as error:
        return f"{type(error).__name__}: {error}".strip()
    return "done"


json.dump([outcome(attempt) for attempt in json.load(sys.stdin)], sys.stdout)
