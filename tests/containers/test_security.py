"""Everything is encrypted, nobody is let in without proof of who they are, and each part may do its own alone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import requests

from supply_chain.servers.parts import PARTS
from supply_chain.settings import REPOSITORY
from supply_chain.settings_file import secret_names
from tests.containers.conftest import WORDS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3000)]

PYTHON = "/opt/supply-chain/.build/venv/native/bin/python"
SPARK_PYTHON = PYTHON.replace("native", "spark")
AUTHORITY = "/run/secrets/tls_authority"
REFUSED_AT_THE_DOOR = ("_ALL_BROKERS_DOWN", "_AUTHENTICATION", "_TRANSPORT", "_TIMED_OUT")


def secret(name):
    return (REPOSITORY / ".secrets" / name).read_text()


def kafka(action, topic="orders", *, user=None, password=None, **options):
    """An attempt at Kafka; by default over TLS, as a user with the password of that user."""
    told = {"bootstrap.servers": "kafka:9092", "ssl.ca.location": AUTHORITY}
    if user:
        told |= {
            "security.protocol": "SASL_SSL", "sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": user,
            "sasl.password": password or secret(f"kafka_{user}_password"),
        }  # fmt: skip
    return {"at": "kafka", "action": action, "topic": topic, "options": told | options}


def postgres(action, *, user, password=None, sslmode="verify-full", database="supply_chain"):
    """An attempt at PostgreSQL; by default over TLS, as a role with the password of that role."""
    return {
        "at": "postgres",
        "action": action,
        "options": {
            "host": "postgres", "dbname": database, "user": f"supply_chain_{user}", "sslmode": sslmode,
            "sslrootcert": AUTHORITY, "password": password or secret(f"{user}_password"),
        },
    }  # fmt: skip


def page(url, action="look", *, identity=""):
    """An attempt at a page or REST API; by default without a certificate."""
    return {"at": "page", "action": action, "url": url, "options": {"identity": identity}}


def cluster(port, *, identity=""):
    """An attempt to speak to Flink's JobManager like a TaskManager."""
    options = {"identity": identity, "authority": AUTHORITY}
    return {"at": "cluster", "host": "jobmanager", "port": port, "options": options}


def session(platform):
    """Return a client that knows the deployment's authority."""
    made = requests.Session()
    made.trust_env = False  # Its REQUESTS_CA_BUNDLE would win.
    made.verify = str(REPOSITORY / ".secrets" / "tls_authority")
    return made


def airflow_pages(platform):
    """Return what an administrator reads in Airflow: connections, configuration, runs, and the log of every task."""
    api = session(platform)
    address = f"https://127.0.0.1:{platform.ports['AIRFLOW_PORT']}"
    login = {"username": "admin", "password": secret("admin_password")}
    token = api.post(f"{address}/auth/token", json=login, timeout=30).json()["access_token"]
    api.headers["Authorization"] = f"Bearer {token}"
    address += "/api/v2"
    tasks = api.get(f"{address}/dags/~/dagRuns/~/taskInstances?limit=500", timeout=30).json()["task_instances"]
    assert len(tasks) > 10
    paths = ["connections", "variables", "config", "plugins", "providers", "dags/~/dagRuns", "eventLogs"]
    for task in tasks:
        own = f"dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        paths += [own, f"{own}/logs/{task['try_number']}?full_content=true"]
    return "".join(api.get(f"{address}/{path}", timeout=60).text for path in paths)


STRANGERS_AT_FLINK = {
    "in plain text": lambda: page("http://jobmanager:8081/overview"),
    "without a certificate": lambda: page("https://jobmanager:8081/overview"),
    "with another part's certificate": lambda: page(
        "https://jobmanager:8081/overview", identity=secret("superset_identity")
    ),
    "with the cluster's certificate": lambda: page(
        "https://jobmanager:8081/overview", identity=secret("flink_cluster_identity")
    ),
    "with a job to submit": lambda: page("https://jobmanager:8081/jars/upload", "upload"),
    "as a TaskManager, without a certificate": lambda: cluster(6123),
    "as a TaskManager, with the certificate of its REST API": lambda: cluster(6123, identity=secret("flink_identity")),
}

PLAIN_PAGES = {
    "Airflow": "http://api-server:8080/api/v2/monitor/health",
    "Superset": "http://superset:8088/health",
    "Spark": "http://spark-master:8083/json/",
}

STRANGER_AT_SPARK = """
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("spark://spark-master:7077")
for name, value in {conf}.items():
    builder = builder.config(name, value)
builder.getOrCreate().sparkContext.parallelize([1]).count()
print("done")
"""
NO_SECRET = {"spark.authenticate": "false"}
WRONG_SECRET = {
    "spark.authenticate": "true", "spark.authenticate.secret": "wrong", "spark.network.crypto.enabled": "true",
}  # fmt: skip

STRANGERS_AT_KAFKA = {
    "in plain text": lambda: kafka("list", **{"security.protocol": "PLAINTEXT"}),
    "over TLS, as nobody": lambda: kafka("list", **{"security.protocol": "SSL"}),
    "as a broker, without its certificate": lambda: kafka(
        "list", **{"security.protocol": "SSL", "bootstrap.servers": "kafka:9094"}
    ),
    "with a wrong password": lambda: kafka("list", user="producer", password="wrong"),
    "with another part's password": lambda: kafka("list", user="producer", password=secret("kafka_stream_password")),
    "with a password and no TLS": lambda: kafka("list", user="producer", **{"security.protocol": "SASL_PLAINTEXT"}),
}

FORBIDDEN_AT_KAFKA = {
    "producer": [("write", "orders.rejected"), ("read", "orders.rejected"), ("delete", "orders"), ("create", "mine")],
    "stream": [("write", "orders"), ("delete", "orders"), ("delete", "orders.rejected"), ("create", "mine")],
    "operator": [("write", "orders"), ("write", "orders.rejected"), ("create", "mine")],
}

STRANGERS_AT_POSTGRES = {
    "in plain text": lambda: postgres("SELECT 1", user="producer", sslmode="disable"),
    "with a wrong password": lambda: postgres("SELECT 1", user="producer", password="wrong"),
    "with another part's password": lambda: postgres("SELECT 1", user="producer", password=secret("stream_password")),
    "of another application": lambda: postgres("SELECT 1", user="reader", database="airflow"),
}

FORBIDDEN_AT_POSTGRES = {
    "seeder": ["UPDATE daily_aggregates SET order_lines = 0", "INSERT INTO ledger_checks DEFAULT VALUES"],
    "producer": ["DELETE FROM order_lines", "UPDATE inventory SET sold_quantity = 0", "CREATE TABLE mine (a int)"],
    "stream": ["DELETE FROM order_lines", "UPDATE kafka_sent SET last_position = 0", "DELETE FROM daily_aggregates"],
    "operator": ["DELETE FROM daily_aggregates", "UPDATE inventory SET sold_quantity = 0", "DROP TABLE order_lines"],
    "forecaster": ["UPDATE daily_aggregates SET order_lines = 0", "UPDATE inventory SET sold_quantity = 0"],
    "reader": ["DELETE FROM forecast_runs", "UPDATE inventory SET received_quantity = 0", "SELECT * FROM pg_authid"],
}


@pytest.fixture(scope="module")
def platform(deployed):
    return deployed("compose.secure.yaml")


@pytest.fixture(scope="module")
def tries(platform):
    """Gives the outcomes of attempts, made in a container of the network."""
    program = (Path(__file__).parent / "intruder.py").read_text()

    def tried(attempts):
        command = ["run", "--rm", "--no-TTY", "--no-deps", "--entrypoint", PYTHON, "platform", "-c", program]
        return json.loads(platform.compose(*command, stdin=json.dumps(attempts)).stdout)

    return tried


def test_the_main_job_runs(platform, demo):
    assert "differing=0" in demo
    platform.verify()


def test_nothing_that_containers_say_can_be_read(heard):
    assert heard == dict.fromkeys(WORDS, 0)


def test_kafka_lets_no_stranger_in(tries):
    outcomes = dict(zip(STRANGERS_AT_KAFKA, tries([make() for make in STRANGERS_AT_KAFKA.values()]), strict=True))
    assert len(outcomes) > 5
    assert {who: told for who, told in outcomes.items() if not told.startswith(REFUSED_AT_THE_DOOR)} == {}


def test_kafka_lets_each_part_in(tries):
    users = list(FORBIDDEN_AT_KAFKA)
    assert tries([kafka("list", user=user) for user in users]) == ["done"] * len(users)


def test_kafka_refuses_what_is_not_a_parts_own(tries, demo):
    forbidden = [(user, *action) for user, actions in FORBIDDEN_AT_KAFKA.items() for action in actions]
    outcomes = tries([kafka(action, topic, user=user) for user, action, topic in forbidden])
    assert len(outcomes) > 10
    assert {
        attempt: told
        for attempt, told in zip(forbidden, outcomes, strict=True)
        if not told.startswith(("TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION"))
    } == {}


def test_postgres_lets_no_stranger_in(tries):
    outcomes = tries([make() for make in STRANGERS_AT_POSTGRES.values()])
    assert len(outcomes) > 3
    assert all(told.startswith("OperationalError") for told in outcomes), outcomes


def test_postgres_refuses_what_is_not_a_parts_own(tries, demo):
    forbidden = [(user, sql) for user, statements in FORBIDDEN_AT_POSTGRES.items() for sql in statements]
    outcomes = tries([postgres(sql, user=user) for user, sql in forbidden])
    assert len(outcomes) > 12
    assert {
        attempt: told
        for attempt, told in zip(forbidden, outcomes, strict=True)
        if not told.startswith(("InsufficientPrivilege", "ReadOnlySqlTransaction"))
    } == {}


def test_flink_lets_no_stranger_in(tries):
    outcomes = dict(zip(STRANGERS_AT_FLINK, tries([make() for make in STRANGERS_AT_FLINK.values()]), strict=True))
    assert len(outcomes) > 6
    refused = ("SSLError", "ConnectionError", "ConnectionReset", "SSL")
    assert {who: told for who, told in outcomes.items() if not told.startswith(refused)} == {}


def test_flink_lets_those_in_who_belong_to_it(tries):
    controls = page("https://jobmanager:8081/overview", identity=secret("flink_identity"))
    belongs = cluster(6123, identity=secret("flink_cluster_identity"))
    assert tries([controls, belongs]) == ["done", "done"]


def test_pages_are_not_served_in_plain_text(tries):
    outcomes = tries([page(url) for url in PLAIN_PAGES.values()])
    assert len(outcomes) == 3
    assert all(told.startswith("ConnectionError") for told in outcomes), outcomes


def test_spark_s_rest_server_is_off(tries):
    (told,) = tries([page("http://spark-master:6066/v1/submissions/status/driver-0")])
    assert told.startswith("ConnectionError"), told


@pytest.mark.parametrize("conf", [NO_SECRET, WRONG_SECRET], ids=["without a secret", "with a wrong one"])
def test_spark_takes_no_job_from_strangers(platform, conf):
    program = STRANGER_AT_SPARK.format(conf=conf)
    command = ["run", "--rm", "--no-TTY", "--no-deps", "--entrypoint", SPARK_PYTHON, "spark-worker", "-c", program]
    with pytest.raises(AssertionError, match="All masters are unresponsive"):
        platform.compose(*command)


def test_sessions_are_for_https_alone(platform):
    browser = session(platform)
    for port, path in (("SUPERSET_PORT", "/login/"), ("AIRFLOW_PORT", "/auth/login/")):
        browser.cookies.clear()
        browser.get(f"https://127.0.0.1:{platform.ports[port]}{path}", timeout=30).raise_for_status()
        assert len(browser.cookies) > 0, path
        assert all(cookie.secure for cookie in browser.cookies), browser.cookies


def test_no_secret_is_where_others_can_read(platform, demo):
    secrets = {name: secret(name.lower()) for name in secret_names()}
    assert len(secrets) > 15
    containers = [container for part in PARTS for container in platform.containers(part)]
    inspected = json.dumps(containers)
    images = sorted({container["Image"] for container in containers})
    history = "".join(
        subprocess.run(["docker", *command, image], capture_output=True, text=True, check=True).stdout
        for image in images
        for command in (["history", "--no-trunc"], ["image", "inspect"])
    )
    pages = f"https://127.0.0.1:{platform.ports['FLINK_REST_PORT']}"
    flink = session(platform)
    flink.cert = str(REPOSITORY / ".secrets" / "flink_identity")
    jobs = flink.get(f"{pages}/jobs/overview", timeout=10).json()["jobs"]
    paths = ["/config", "/jobmanager/config", "/jobmanager/environment", "/jobmanager/log", "/jobmanager/stdout"]
    paths += [f"/jobs/{job['jid']}{more}" for job in jobs for more in ("", "/config", "/plan", "/exceptions")]
    places = {
        "containers": inspected,
        "images": history,
        "logs": platform.compose("logs", "--no-color").stdout,
        "processes": "\n".join(
            process.read_bytes().decode(errors="replace") for process in Path("/proc").glob("[0-9]*/cmdline")
        ),
        "Flink": "".join(flink.get(pages + path, timeout=10).text for path in paths),
        "Airflow": airflow_pages(platform),
        "dashboards": "".join(path.read_text() for path in (REPOSITORY / "superset").rglob("*.yaml")),
    }
    assert all(len(text) > 1000 for text in places.values()), {place: len(text) for place, text in places.items()}
    assert [(place, name) for place, text in places.items() for name, value in secrets.items() if value in text] == []
