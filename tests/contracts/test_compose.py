"""The deployment in containers is the native one: the same settings, secrets, parts and versions."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
import yaml

from supply_chain.kafka.topics import MAX_MESSAGE_BYTES
from supply_chain.paths import python_of
from supply_chain.servers.parts import PARTS
from supply_chain.servers.postgres import binaries
from supply_chain.settings import FORMER_NAMES, REPOSITORY, Settings
from supply_chain.settings_file import secret_names

COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


class Loader(yaml.SafeLoader):
    """Reads Compose's own tags as what they stand on."""


Loader.add_constructor(
    "!override",
    lambda loader, node: (
        loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else loader.construct_mapping(node)
    ),
)
SECURE = yaml.load((REPOSITORY / "compose.secure.yaml").read_text(), Loader)  # noqa: S506 (a safe one with one more tag)

ONCE = {"databases", "airflow-migration", "superset-migration"}
COMMANDS = {"platform", "airflow"}
DOCKERFILES = sorted((REPOSITORY / "docker").glob("*/Dockerfile"))

GIVEN_BY_COMPOSE = re.compile(r"(HOST|PORT|SERVERS|PAGE|AUTHORITY|USER|IDENTITY)$")


def dockerfile(name: str) -> str:
    return (REPOSITORY / "docker" / name / "Dockerfile").read_text()


def test_every_part_is_a_service():
    assert len(PARTS) > 10
    assert set(SERVICES) == set(PARTS) | ONCE | COMMANDS


def test_every_setting_is_passed_on_with_its_own_default():
    passed = COMPOSE["x-settings"]
    assert len(passed) > 40
    assert set(passed) == {name.upper() for name in Settings.model_fields} - set(secret_names())
    for name, field in Settings.model_fields.items():
        value = str(passed.get(name.upper(), ""))
        if name.upper() in secret_names() or name in {"state_dir", "flink_task_slots"}:
            continue
        if GIVEN_BY_COMPOSE.search(name.upper()) and not name.startswith("smtp_"):
            assert not value.startswith("${") or name.endswith("_page"), name
        else:
            default = "" if field.default is None else field.default
            assert value == f"${{{name.upper()}:-{default}}}", name


def test_every_secret_is_a_file_that_some_container_is_given():
    names = {name.lower() for name in secret_names()}
    assert len(names) > 15
    assert COMPOSE["secrets"] == {name: {"file": f".secrets/{name}"} for name in COMPOSE["secrets"]}
    assert set(COMPOSE["secrets"]) == names
    services = [*SERVICES.values(), *SECURE["services"].values()]
    certificates = set(SECURE["secrets"])
    assert {secret for service in services for secret in service.get("secrets", [])} == names | certificates


def test_no_secret_is_in_an_environment():
    for name, service in SERVICES.items():
        assert not set(service["environment"]) & set(secret_names()), name


def test_secrets_are_made_once_and_stay(tmp_path):
    folder = tmp_path / "docker"
    folder.mkdir()
    shutil.copy(REPOSITORY / "docker" / "secrets.sh", folder)
    (tmp_path / ".env").write_text("export SEEDER_PASSWORD = 'ours' # quoted\nREPLAY_RATE=7\nOWNER_PASSWORD=mine")
    contents = []
    for _ in range(2):
        subprocess.run([str(folder / "secrets.sh")], check=True, capture_output=True)
        files = {path.name: path.read_text() for path in (tmp_path / ".secrets").iterdir()}
        contents.append((files, (tmp_path / ".env").read_text()))
    (files, settings), again = contents
    assert again == (files, settings)
    assert {name.upper() for name in files} == set(secret_names())
    assert len(set(files.values())) == len(files)
    written = {"owner_password": "mine", "seeder_password": "ours"}
    assert {name: files[name] for name in written} == written
    assert min(len(value) for name, value in files.items() if name not in written) >= 32
    assert "\nREPLAY_RATE=7\nOWNER_PASSWORD=mine\n" in settings
    assert (tmp_path / ".env").stat().st_mode & 0o77 in {0, 0o44}
    assert (tmp_path / ".secrets").stat().st_mode & 0o777 == 0o700


def test_secrets_of_an_earlier_release_keep_their_values(tmp_path):
    folder = tmp_path / "docker"
    folder.mkdir()
    shutil.copy(REPOSITORY / "docker" / "secrets.sh", folder)
    (tmp_path / ".env").write_text("".join(f"{former}={former.lower()}\n" for former in FORMER_NAMES))
    (tmp_path / ".secrets").mkdir()
    (tmp_path / ".secrets" / "airflow_admin_password").write_text("airflow_admin_password")
    told = subprocess.run([str(folder / "secrets.sh")], check=True, capture_output=True, text=True).stdout
    assert all(former in told for former in FORMER_NAMES)
    secrets = tmp_path / ".secrets"
    assert (secrets / "admin_password").read_text() == "airflow_admin_password"
    assert (secrets / "viewer_password").read_text() == "superset_viewer_password"
    assert {path.name.upper() for path in secrets.iterdir()} == set(secret_names())
    assert not [line for line in (tmp_path / ".env").read_text().splitlines() if line.split("=")[0] in FORMER_NAMES]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_services_are_bounded_and_locked_down(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["mem_limit"]
    assert service["cpus"]
    if name not in ONCE | COMMANDS:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(set(PARTS) - {"postgres", "kafka"}))
def test_a_part_runs_and_is_checked_as_itself(name):
    assert SERVICES[name]["command"] == [name]
    assert SERVICES[name]["healthcheck"]["test"][-3:] == ["supply_chain.stack", "check", name]


def test_every_one_shot_is_waited_for():
    waited_for = {
        needed
        for service in SERVICES.values()
        for needed, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_completed_successfully"
    }
    assert waited_for == ONCE


def test_only_web_pages_are_published_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"api-server", "superset", "jobmanager", "spark-master"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_versions_are_those_of_the_native_servers():
    version = subprocess.run([str(binaries() / "postgres"), "--version"], check=True, capture_output=True, text=True)
    (native,) = re.findall(r"(\d+\.\d+)", version.stdout)
    assert f"FROM postgres:{native}-" in dockerfile("postgres")
    (native,) = re.findall(r"<kafka.version>(.+)</kafka.version>", (REPOSITORY / "docker/kafka/pom.xml").read_text())
    assert f"FROM apache/kafka:{native}\n" in dockerfile("kafka")


def test_the_broker_is_configured_as_the_native_one():
    template = (REPOSITORY / "docker" / "kafka" / "server.properties").read_text()
    needed = set(re.findall(r"\$\{([A-Z_]+)\}", template))
    environment = SERVICES["kafka"]["environment"]
    assert len(needed) > 5
    assert needed <= set(environment)
    assert environment["MAX_MESSAGE_BYTES"] == MAX_MESSAGE_BYTES


def test_images_are_pinned_and_their_users_ordinary():
    assert DOCKERFILES
    for path in DOCKERFILES:
        text = path.read_text()
        bases = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
        assert bases
        assert all(re.search(r":\d+\.\d+", base) for base in bases), path
        if path.parent.name != "postgres":  # Its own start gives up root.
            assert int(re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1]) > 0, path


def test_dockerfiles_are_good_practice():
    hadolint = python_of("tests").with_name("hadolint")
    subprocess.run([str(hadolint), *map(str, DOCKERFILES)], cwd=REPOSITORY, check=True, timeout=60)


OVERLAYS = [
    [],
    ["compose.brokers.yaml"],
    ["compose.secure.yaml"],
    ["compose.brokers.yaml", "compose.secure.yaml", "compose.secure-brokers.yaml"],
]


@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda names: "+".join(names) or "none")
def test_what_compose_reads_is_well_formed(overlay):
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("Docker Compose is not on this machine")
    files = [option for name in ["compose.yaml", *overlay] for option in ("--file", name)]
    command = ["docker", "compose", *files, "--profile", "commands", "config", "--quiet"]
    subprocess.run(command, cwd=REPOSITORY, check=True, timeout=60)
