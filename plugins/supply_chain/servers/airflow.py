"""Airflow: one environment for its four processes, its metadata database and its users."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NoReturn

import requests

from supply_chain import spark
from supply_chain.kafka.clients import connection
from supply_chain.kafka.topics import DAYS_GROUP
from supply_chain.paths import environment_of, log_dir, module_of, python_of
from supply_chain.servers import metadata
from supply_chain.servers.databases import AIRFLOW
from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

HEALTHY_SECONDS = 15
"""A process whose heartbeat is older is not healthy: three beats missed."""

USERS_SCRIPT = REPOSITORY / "docker" / "native" / "airflow_users.py"
LOGIN_CONFIGURATION = REPOSITORY / "docker" / "native" / "webserver_config.py"


def _home(settings: Settings) -> Path:
    return settings.state_dir / "airflow"


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables by which Airflow is configured.

    They hold secrets: for a process's environment only.
    """
    password = settings.airflow_database_password.get_secret_value()
    database = f"{AIRFLOW}:{password}@{settings.postgres_host}:{settings.postgres_port}/{AIRFLOW}"
    consumer = {
        "group.id": DAYS_GROUP,
        # The provider commits what Airflow has written down, and refuses a client that commits by itself.
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
    }
    kafka = {"conn_type": "kafka", "extra": {**connection(settings), **consumer}}
    options = {
        "CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "CORE__DAGS_FOLDER": REPOSITORY / "dags",
        "CORE__DEFAULT_TIMEZONE": "utc",
        "CORE__EXECUTION_API_SERVER_URL": f"{settings.airflow_url}/execution/",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__FERNET_KEY": settings.airflow_fernet_key.get_secret_value(),
        "CORE__LOAD_EXAMPLES": False,
        "CORE__PARALLELISM": 4,
        "CORE__PLUGINS_FOLDER": REPOSITORY / "plugins",
        "DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
        "API__BASE_URL": settings.airflow_page_url,
        "API__HOST": settings.airflow_host,
        "API__PORT": settings.airflow_port,
        "API__SECRET_KEY": settings.airflow_secret_key.get_secret_value(),
        "API__WORKERS": 1,
        "API_AUTH__JWT_SECRET": settings.airflow_jwt_secret.get_secret_value(),
        # A file that changes is read within REFRESH_INTERVAL; the others are read again for what they read themselves,
        # the names of products and stores.
        "DAG_PROCESSOR__REFRESH_INTERVAL": 10,
        "FAB__CONFIG_FILE": LOGIN_CONFIGURATION,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 120,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
        "DAG_PROCESSOR__PRINT_STATS_INTERVAL": 600,
        "LOGGING__BASE_LOG_FOLDER": log_dir(settings) / "airflow",
        # How long the scheduler may sleep where it has nothing to do: a loop costs 25 ms of a processor.
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 2,
        # Nobody collects these metrics.
        "SCHEDULER__POOL_METRICS_INTERVAL": 3600,
        "SCHEDULER__TI_METRICS_INTERVAL": 3600,
        "SCHEDULER__DAGRUN_METRICS_INTERVAL": 3600,
        "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": HEALTHY_SECONDS,
        "SCHEDULER__DAG_PROCESSOR_HEALTH_CHECK_THRESHOLD": HEALTHY_SECONDS,
        "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": HEALTHY_SECONDS,
        "USAGE_DATA_COLLECTION__ENABLED": False,
        **_encryption(settings),
    }
    spark_cluster = {"conn_type": "spark", "host": spark.master_url(settings)}
    programs = environment_of("airflow") / "bin"
    return {
        **{f"AIRFLOW__{name}": str(value) for name, value in options.items()},
        "AIRFLOW_HOME": str(_home(settings)),
        "AIRFLOW_CONN_KAFKA_DEFAULT": json.dumps(kafka),
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps(spark_cluster),
        # Spark's own programs come last: the connection names spark-submit, and nothing else of them is meant.
        "PATH": f"{programs}:{os.environ['PATH']}:{spark.distribution() / 'bin'}",
        "PYTHONPATH": "",
        # Those among Airflow's own packages would stand in every log and above what every command prints.
        "PYTHONWARNINGS": "ignore::DeprecationWarning",
    }


def _encryption(settings: Settings) -> dict[str, object]:
    """Return the options by which tasks know the API server, and it serves; none where the parts do not encrypt."""
    options: dict[str, object] = {}
    if settings.tls_authority:
        options = {
            "API__SSL_CA_FILE": settings.tls_authority,
            "API__CLIENT_USE_PUBLIC_CERTS": False,
            "FAB__COOKIE_SECURE": True,
        }
    if settings.tls_identity:
        options |= {"API__SSL_CERT": settings.tls_identity, "API__SSL_KEY": settings.tls_identity}
    return options


def command(settings: Settings, arguments: tuple[str, ...]) -> list[str]:
    """Return the command line of an ``airflow`` command."""
    return [*module_of("airflow", "airflow"), *arguments]


def become(settings: Settings, arguments: tuple[str, ...]) -> NoReturn:
    """Replace this process by an ``airflow`` command of this deployment: its output and exit code are the command's.

    Airflow otherwise reads a configuration of its own in the user's home, with a database that is nobody's.
    """
    line = command(settings, arguments)
    os.execvpe(line[0], line, {**os.environ, **environment(settings)})  # noqa: S606


def prepare_database(settings: Settings) -> None:
    """Migrate the metadata database after a change of Airflow's lock, and create the users.

    Raises:
        subprocess.CalledProcessError: it failed; the log file ``airflow-migrate.log`` says why.
    """
    metadata.migrate(
        settings,
        AIRFLOW,
        since=[REPOSITORY / "requirements.txt", USERS_SCRIPT],
        commands=[command(settings, ("db", "migrate")), [str(python_of("airflow")), str(USERS_SCRIPT)]],
        environment=environment(settings),
    )


def probe(settings: Settings, component: str) -> None:
    """Check that a component reports itself healthy.

    Args:
        settings: the deployment.
        component: ``metadatabase``, ``scheduler``, ``dag_processor`` or ``triggerer``.

    Raises:
        requests.RequestException: the API server does not answer.
        RuntimeError: the component's last heartbeat is missing or old.
    """
    answer = requests.get(f"{settings.airflow_url}/api/v2/monitor/health", timeout=5)
    answer.raise_for_status()
    status = (answer.json().get(component) or {}).get("status")
    if status != "healthy":
        raise RuntimeError(f"no heartbeat within {HEALTHY_SECONDS} s")
