"""Every command of the README and the other pages runs as it is written: here, or as the subject of another test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import dataclass

import pytest

from supply_chain.settings import REPOSITORY
from tests.servers import environment

PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:[A-Z_]+=\S+ )*(?:make |docker compose |docker/\w+\.sh|pre-commit )[^`\n]*)`")

RUNS_THIS = "make test runs this"


@dataclass(frozen=True)
class Here:
    """Run as written, on the platform that the demo left; ends in success and prints something."""

    prints: str


@dataclass(frozen=True)
class Following:
    """Run as written, and ended once it has printed something, since it does not end by itself."""

    prints: str


@dataclass(frozen=True)
class ByHand:
    """Run by hand, since it is no use in a test; its recipe is seen to be one."""

    why: str


DEMO = "tests/e2e/test_demo.py::test_it_says_what_it_did"
AGAIN = "tests/e2e/test_stop_and_crash.py::test_what_was_stopped_goes_on_after_the_next_start"
IN_CONTAINERS = "tests/containers/test_deployment.py::test_the_main_job_runs"
ENCRYPTED = "tests/containers/test_security.py::test_the_main_job_runs"
THREE_BROKERS = "tests/containers/test_brokers.py::test_the_loss_of_a_leader_loses_no_order_line"
AIRFLOW = "tests/plugins/supply_chain/servers/test_airflow.py::test_options_and_exit_codes_are_the_commands"
AIRFLOW_IN_CONTAINERS = "tests/containers/test_deployment.py::test_airflows_command_line_is_that_of_the_deployment"
SECRETS = "tests/contracts/test_compose.py::test_secrets_are_made_once_and_stay"
CERTIFICATES = (
    "tests/plugins/supply_chain/servers/test_encryption.py::test_certificates_are_made_once_by_their_authority"
)
LABELS = "tests/e2e/test_labels.py::test_no_text_is_cut_skipped_or_printed_over_another"
SCALED = "tests/containers/test_deployment.py::test_more_taskmanagers_and_workers_are_used"

PROOFS: dict[str, Here | Following | ByHand | str] = {
    # The Makefile's.
    "make help": Here("make demo"),
    "make demo": DEMO,
    "make up": AGAIN,
    "make down": AGAIN,
    "make down up": AGAIN,
    "make status": Here("taskmanager"),
    "make ports": Here("no other program holds a port of this deployment"),
    "make logs": Following("==> "),
    'make logs PARTS="producer taskmanager"': Following("producer.log"),
    "make verify": Here("differing=0"),
    "make psql": "tests/e2e/test_demo.py::test_psql_reads_and_cannot_write",
    "make airflow": AIRFLOW,
    'make airflow ARGS="dags trigger forecast_demand --conf \'{\\"forecast_duration\\": 14}\'"': Here("manual__"),
    'make airflow ARGS="backfill create --dag-id forecast_demand --from-date 2017-01-01 --to-date 2017-01-05"': Here(
        "2017-01-05"
    ),
    "make forecast": Here("Demand of 70 days"),
    "make forecast PRODUCTS=365,627 RETAILERS=3 DAYS=14": Here("Demand of 14 days"),
    "make dashboards": Here("see http"),
    "make reset": "tests/plugins/supply_chain/stack/test_reset.py::test_the_state_is_deleted_after_a_yes_alone",
    "DATASET=path/to/DataCoSupplyChainDataset.csv REPLAY_RATE=max make demo": (
        "tests/plugins/supply_chain/test_settings.py::test_what_a_command_was_given_is_remembered"
    ),
    "make test": RUNS_THIS,
    "make test-unit": RUNS_THIS,
    "make lint": RUNS_THIS,
    ".build/venv/tests/bin/pytest tests/plugins/supply_chain/seed": RUNS_THIS,
    "make chaos": "tests/e2e/test_stop_and_crash.py::test_a_killed_part_comes_back_and_nothing_is_lost_or_doubled",
    "make test-containers": IN_CONTAINERS,
    "PYTHONPATH=plugins:. .build/venv/tests/bin/python -m tests.labels inventory": LABELS,
    "make screenshots": ByHand("it replaces the pictures of the README"),
    "make bench": ByHand("it measures for an hour"),
    "make bench-forecast": ByHand("it measures for an hour"),
    "DATASET=… make bench-forecast": ByHand("it measures for an hour, on orders that are not in the repository"),
    "make lock": ByHand("it asks the package registries for other releases"),
    "pre-commit install": ByHand("it changes the clone's hooks"),
    # In containers.
    "docker/secrets.sh": SECRETS,
    "docker/certificates.sh": CERTIFICATES,
    "docker/secrets.sh && docker compose up -d --wait": IN_CONTAINERS,
    "docker compose up -d --wait": IN_CONTAINERS,
    "REPLAY_RATE=50 docker compose up -d --wait": IN_CONTAINERS,
    "docker compose run --rm platform supply_chain.stack demo --running": IN_CONTAINERS,
    "docker compose run --rm platform supply_chain.ledger": IN_CONTAINERS,
    "docker compose run --rm airflow": AIRFLOW_IN_CONTAINERS,
    "docker compose run --rm airflow dags list": AIRFLOW_IN_CONTAINERS,
    "docker compose run --rm airflow backfill create …": AIRFLOW_IN_CONTAINERS,
    "ORDERS_PARTITIONS=6 FLINK_PARALLELISM=6 docker compose up -d --wait --scale taskmanager=3"
    " --scale spark-worker=2": SCALED,
    "docker compose -f compose.yaml -f compose.brokers.yaml up -d --wait": THREE_BROKERS,
    "docker/certificates.sh && docker compose -f compose.yaml -f compose.secure.yaml up -d --wait": ENCRYPTED,
    "docker compose -f compose.yaml -f compose.secure.yaml up -d --wait": ENCRYPTED,
    "docker compose -f compose.yaml -f compose.brokers.yaml -f compose.secure.yaml -f compose.secure-brokers.yaml up -d"
    " --wait": "tests/contracts/test_compose.py::test_what_compose_reads_is_well_formed",
    "openssl pkcs12 -export -in .secrets/flink_identity -out flink.p12": (
        "tests/plugins/supply_chain/servers/test_encryption.py::test_a_browser_can_be_given_flinks_certificate"
    ),
}


def blocks(language: str) -> list[str]:
    """Return what stands in the blocks of a language, with their comments."""
    return [text for page in PAGES for found, text in BLOCK.findall(page.read_text()) if found == language]


def commands() -> list[str]:
    """Return every command of the pages once, in their order, without the comment behind it."""
    lines = [line for text in blocks("bash") for line in text.replace("\\\n", " ").splitlines()]
    inline = [found for page in PAGES for found in INLINE.findall(BLOCK.sub("", page.read_text()))]
    bare = [re.sub(r"(^|\s+)# .*$", "", line).strip() for line in [*lines, *inline]]
    return list(dict.fromkeys(filter(None, bare)))


QUERIES = [command for command in commands() if re.fullmatch(r'echo "SELECT [^"]+" \| make psql', command)]
HERE = {command: proof for command, proof in PROOFS.items() if isinstance(proof, Here)}
FOLLOWING = {command: proof for command, proof in PROOFS.items() if isinstance(proof, Following)}


def test_every_command_is_proven():
    written = set(commands())
    assert len(written) > 40
    unproven = written - set(PROOFS) - set(QUERIES)
    assert not unproven, f"PROOFS says nothing of {unproven}"
    gone = set(PROOFS) - written
    assert not gone, f"no page has {gone}"


def test_every_test_that_is_named_is_there():
    named = {proof for proof in PROOFS.values() if isinstance(proof, str)} - {RUNS_THIS}
    assert named
    for name in named:
        path, _, test = name.partition("::")
        assert re.search(rf"^def {test}\(", (REPOSITORY / path).read_text(), re.MULTILINE), name


@pytest.mark.parametrize("target", sorted({word for each in PROOFS for word in re.findall(r"make ([a-z -]+)", each)}))
def test_every_target_has_a_recipe(target):
    """Those that are proven otherwise are tested by what their recipe runs."""
    shown = subprocess.run(
        ["make", "--dry-run", *target.split()], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip()


def run(platform, command):
    """Run a command as whoever reads it would, in the platform's deployment."""
    return subprocess.run(
        ["bash", "-c", command],
        cwd=REPOSITORY,
        env=environment(platform.settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.e2e
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("command", HERE)
def test_it_runs_as_written(platform, command):
    done = run(platform, command)
    if command.startswith("make airflow"):
        # Nobody waits for the forecasts that it has asked for.
        platform.give_up("forecast_demand")
    assert done.returncode == 0, done.stdout + done.stderr
    assert HERE[command].prints in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("command", FOLLOWING)
def test_it_follows_as_written(platform, command):
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=REPOSITORY,
        env=environment(platform.settings),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as following:
        try:
            assert any(FOLLOWING[command].prints in line for line in following.stdout)
        finally:
            os.killpg(following.pid, signal.SIGTERM)


@pytest.mark.e2e
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("command", QUERIES)
def test_it_answers_as_written(platform, command):
    done = run(platform, command)
    assert done.returncode == 0, done.stderr
    # The names of the columns; what the demo has not filled may have no row.
    assert "," in done.stdout.splitlines()[0]


@pytest.mark.e2e
@pytest.mark.timeout(1200)
def test_every_query_of_the_pages_is_understood(platform):
    queries = blocks("sql")
    assert len(queries) > 1
    for query in queries:
        asked = platform.command("supply_chain.stack", "psql", stdin=query)
        assert asked.returncode == 0, query + asked.stderr
