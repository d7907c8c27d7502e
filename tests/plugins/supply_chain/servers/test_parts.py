from __future__ import annotations

from graphlib import TopologicalSorter

from supply_chain.servers.parts import PARTS
from supply_chain.settings import Settings


def test_every_part_is_there_and_can_be_ordered():
    order = list(TopologicalSorter({part.name: part.needs for part in PARTS.values()}).static_order())
    assert sorted(order) == sorted(PARTS)
    assert set(PARTS) == {
        "postgres", "kafka", "jobmanager", "taskmanager", "producer", "api-server", "scheduler", "dag-processor",
        "triggerer", "spark-master", "spark-worker", "superset",
    }  # fmt: skip


def test_every_port_setting_belongs_to_one_part():
    ports = [port for part in PARTS.values() for port in part.ports]
    assert sorted(ports) == sorted(name for name in Settings.model_fields if name.endswith("_port"))


def test_the_broker_is_run_by_the_jdk_that_was_chosen(settings, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert PARTS["kafka"].command(settings)[0] == "java"
    monkeypatch.setenv("JAVA_HOME", "/opt/jdk-21")
    assert PARTS["kafka"].command(settings)[0] == "/opt/jdk-21/bin/java"


def test_no_secret_is_on_a_command_line(settings):
    secrets = [getattr(settings, name).get_secret_value() for name, field in Settings.model_fields.items()
               if field.is_required()]  # fmt: skip
    lines = [" ".join(part.command(settings)) for part in PARTS.values()]
    assert len(lines) == len(PARTS)
    assert len(secrets) > 15
    assert not [line for line in lines for secret in secrets if secret in line]
