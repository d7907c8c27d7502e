"""Runs in a container of the platform's network: tries what standard input lists, and prints how each attempt ended."""

from __future__ import annotations

import json
import sys

import psycopg2
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


def outcome(attempt):
    try:
        if attempt["at"] == "kafka":
            ask_kafka(attempt["action"], attempt.get("topic"), attempt["options"])
        else:
            ask_postgres(attempt["action"], attempt["options"])
    except KafkaException as error:
        return f"{error.args[0].name()}: {error.args[0].str()}"
    except psycopg2.Error as error:
        return f"{type(error).__name__}: {error}".strip()
    return "done"


json.dump([outcome(attempt) for attempt in json.load(sys.stdin)], sys.stdout)
