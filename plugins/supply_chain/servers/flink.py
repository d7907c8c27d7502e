"""The Flink cluster: one root folder and one configuration for its two processes, JobManager and TaskManager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supply_chain import files
from supply_chain.database import Role
from supply_chain.paths import FLINK_JARS, FLINK_ROOT, log_dir, password_file, run_dir, site_packages
from supply_chain.servers.databases import write_password_file
from supply_chain.servers.keystore import fingerprint, write_keystore
from supply_chain.servers.render import render
from supply_chain.settings import REPOSITORY, SettingsError
from supply_chain.stream.flink_rest import FlinkCluster, FlinkError

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings

TEMPLATES = REPOSITORY / "flink" / "conf"


def distribution() -> Path:
    """Return the Flink distribution inside the PyFlink package."""
    return site_packages("flink") / "pyflink"


def prepare(settings: Settings, process: str) -> None:
    """Assemble the root folder, and write a process's configuration and the stream role's password file.

    Each process has a configuration of its own, since both may start at the same time.

    Args:
        settings: the deployment.
        process: ``jobmanager`` or ``taskmanager``.

    Raises:
        SettingsError: the parts encrypt, and Flink has no certificates.
    """
    link_root()
    for folder in (settings.checkpoint_root, _temporary_dir(settings), log_dir(settings)):
        folder.mkdir(parents=True, exist_ok=True)
    values = {
        "FLINK_HOST": settings.flink_host,
        "OWN_HOST": settings.own_address,
        "FLINK_REST_PORT": settings.flink_rest_port,
        "FLINK_RPC_PORT": settings.flink_rpc_port,
        "FLINK_JOBMANAGER_MEMORY": settings.flink_jobmanager_memory,
        "FLINK_TASKMANAGER_MEMORY": settings.flink_taskmanager_memory,
        "FLINK_TASK_SLOTS": settings.flink_task_slots or settings.flink_parallelism,
        "FLINK_TEMPORARY": _temporary_dir(settings),
        "FLINK_UPLOADS": settings.state_dir / "flink",
        "CHECKPOINT_ROOT": settings.checkpoint_root,
        "KAFKA_LOGIN": _kafka_login(settings, process),
        "CHECKPOINT_INTERVAL_SECONDS": settings.checkpoint_interval_seconds,
        **_keystores(settings, process),
    }
    folder = _configuration_dir(settings, process)
    encryption = [TEMPLATES / "tls.yaml"] if settings.tls_authority else []
    render(TEMPLATES / "config.yaml", folder / "config.yaml", values, then=encryption)
    render(TEMPLATES / "log4j-console.properties", folder / "log4j-console.properties", values)
    write_password_file(settings, Role.STREAM)


def link_root() -> None:
    """Make the root folder: links to the distribution's jars and to ours, as a package is not to be written into."""
    library = FLINK_ROOT / "lib"
    library.mkdir(parents=True, exist_ok=True)
    wanted = {jar.name: jar for folder in (distribution() / "lib", FLINK_JARS) for jar in folder.glob("*.jar")}
    for present in library.glob("*.jar"):
        if present.name not in wanted:
            present.unlink(missing_ok=True)
    for name, jar in wanted.items():
        files.replace_link(library / name, jar)
    plugins = FLINK_ROOT / "plugins"
    plugins.mkdir(exist_ok=True)
    files.replace_link(plugins / "metrics-prometheus", distribution() / "plugins" / "metrics-prometheus")


def command(settings: Settings, process: str) -> list[str]:
    """Return the command line of a Flink process, in the foreground.

    The script works out the memory of the process and then becomes the JVM (exec), so that signals reach that.
    """
    return [str(distribution() / "bin" / f"{process}.sh"), "start-foreground"]


def environment(settings: Settings, process: str) -> dict[str, str]:
    """Return the variables that a Flink process needs."""
    variables = {
        "FLINK_CONF_DIR": _configuration_dir(settings, process),
        "FLINK_LIB_DIR": FLINK_ROOT / "lib",
        "FLINK_PLUGINS_DIR": FLINK_ROOT / "plugins",
        # The real folder: Flink does not follow a link to look for its Python jar.
        "FLINK_OPT_DIR": distribution() / "opt",
        "FLINK_LOG_DIR": log_dir(settings),
        "FLINK_PID_DIR": _configuration_dir(settings, process),
        "PGPASSFILE": password_file(settings, Role.STREAM),
    }
    return {name: str(value) for name, value in variables.items()}


def probe_jobmanager(settings: Settings) -> None:
    """Check that the JobManager answers.

    Raises:
        FlinkError: it does not.
    """
    FlinkCluster(settings).taskmanagers()


def probe_taskmanager(settings: Settings) -> None:
    """Check that the TaskManager is registered at the JobManager.

    Raises:
        FlinkError: it is not, or the JobManager does not answer.
    """
    if settings.own_address not in FlinkCluster(settings).taskmanagers():
        raise FlinkError(f"the TaskManager of {settings.own_address} is not registered at the JobManager")


def _configuration_dir(settings: Settings, process: str) -> Path:
    return run_dir(settings) / process


def _kafka_login(settings: Settings, process: str) -> str:
    """Write the Kafka login of the JVM and return its option, or nothing if Kafka does not authenticate."""
    if not settings.kafka_user:
        return ""
    login = {"KAFKA_USER": settings.kafka_user, "KAFKA_PASSWORD": settings.kafka_password}
    written = render(TEMPLATES / "kafka-login.conf", _configuration_dir(settings, process) / "kafka-login.conf", login)
    return f"-Djava.security.auth.login.config={written}"


def _keystores(settings: Settings, process: str) -> dict[str, object]:
    """Write the certificates of the cluster and of its REST API for the JVM, and return where; none without TLS."""
    values: dict[str, object] = {}
    if settings.tls_authority:
        for name, identity in (("cluster", settings.tls_identity), ("rest", settings.flink_identity)):
            if identity is None:
                raise SettingsError("TLS_IDENTITY, FLINK_IDENTITY: missing; with TLS_AUTHORITY Flink needs both")
            keystore = _configuration_dir(settings, process) / f"{name}.p12"
            values[f"{name.upper()}_PASSWORD"] = write_keystore(identity, keystore)
            values[f"{name.upper()}_KEYSTORE"] = keystore
            values[f"{name.upper()}_FINGERPRINT"] = fingerprint(identity)
    return values


def _temporary_dir(settings: Settings) -> Path:
    return settings.state_dir / "flink" / "tmp"
