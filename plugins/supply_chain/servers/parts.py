"""The parts of the native stack: how each is run, when it is ready, and what it needs first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from supply_chain.servers import airflow, databases, flink, kafka, postgres, producer, spark, superset

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from supply_chain.settings import Settings


def _nothing(settings: Settings) -> None:
    """Prepare nothing."""


def _no_environment(settings: Settings) -> dict[str, str]:
    """Add no variables."""
    return {}


@dataclass(frozen=True)
class Part:
    """One supervised process.

    Attributes:
        name: as the supervisor, the log file and the commands call it.
        command: its command line, in the foreground.
        probe: returns when the part works, and raises what is wrong otherwise.
        needs: parts that must be ready before this one is started.
        ports: the settings that hold the ports on which it listens.
        prepare: what to do in the part's own process right before it starts.
        environment: variables it needs beyond those of the supervisor.
        before: what to do once, before it is started.
        after: what to do once, when it is ready.
        page: address of its page for people, if it has one.
        folder: below the state directory, where it keeps its data; empty where it has none or shares another part's.
        stop_signal: what asks it to end.
        stop_group: whether its children are to be asked too.
    """

    name: str
    command: Callable[[Settings], list[str]]
    probe: Callable[[Settings], None]
    needs: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    prepare: Callable[[Settings], None] = _nothing
    environment: Callable[[Settings], dict[str, str]] = _no_environment
    before: Callable[[Settings], None] = _nothing
    after: Callable[[Settings], None] = _nothing
    page: Callable[[Settings], str] | None = None
    folder: str = ""
    stop_signal: str = "TERM"
    stop_group: bool = False


def _airflow(name: str, component: str, *, needs: str, prepare: Callable[[Settings], None] = _nothing) -> Part:
    """Return one of Airflow's processes that beside the API server do its work."""
    return Part(
        name,
        # The log servers would outlive a killed parent and hold their port; the logs are read from the shared folder.
        partial(airflow.command, arguments=(name, *(() if name == "dag-processor" else ("--skip-serve-logs",)))),
        partial(airflow.probe, component=component),
        needs=(needs,),
        prepare=prepare,
        environment=airflow.environment,
        stop_group=True,
    )


def _process(name: str, server: ModuleType, process: str, probe: Callable[[Settings], None], **more: Any) -> Part:
    """Return one of the processes that make up a cluster of Flink or Spark."""
    return Part(
        name,
        partial(server.command, process=process),
        probe,
        prepare=partial(server.prepare, process=process),
        environment=partial(server.environment, process=process),
        **more,
    )


PARTS = {
    part.name: part
    for part in (
        Part(
            "postgres",
            postgres.command,
            postgres.probe,
            ports=("postgres_port",),
            prepare=postgres.prepare,
            after=databases.ensure_databases,
            folder="postgres",
            stop_signal="INT",
        ),
        Part(
            "kafka",
            kafka.command,
            kafka.probe,
            ports=("kafka_port", "kafka_controller_port"),
            prepare=kafka.prepare,
            folder="kafka",
        ),
        _process(
            "jobmanager",
            flink,
            "jobmanager",
            flink.probe_jobmanager,
            ports=("flink_rest_port", "flink_rpc_port"),
            page=lambda settings: settings.flink_page_url,
            folder="flink",
        ),
        _process("taskmanager", flink, "taskmanager", flink.probe_taskmanager),
        _process(
            "spark-master",
            spark,
            "master",
            spark.probe_master,
            ports=("spark_master_port", "spark_master_web_port"),
            page=lambda settings: settings.spark_page_url,
        ),
        _process(
            "spark-worker",
            spark,
            "worker",
            spark.probe_worker,
            ports=("spark_worker_web_port",),
            folder="spark",
            stop_group=True,
        ),
        Part("producer", producer.command, producer.probe, needs=("postgres", "kafka")),
        Part(
            "api-server",
            partial(airflow.command, arguments=("api-server",)),
            partial(airflow.probe, component="metadatabase"),
            # A task that is queued before the API server answers fails at once: the scheduler starts after it.
            needs=("postgres",),
            ports=("airflow_port",),
            environment=airflow.environment,
            before=airflow.prepare_database,
            page=lambda settings: settings.airflow_page_url,
            folder="airflow",
            stop_group=True,
        ),
        # Its tasks are the drivers of Spark's jobs.
        _airflow("scheduler", "scheduler", needs="api-server", prepare=spark.prepare),
        _airflow("dag-processor", "dag_processor", needs="api-server"),
        _airflow("triggerer", "triggerer", needs="api-server"),
        Part(
            "superset",
            superset.command,
            superset.probe,
            needs=("postgres",),
            ports=("superset_port",),
            prepare=superset.prepare,
            environment=superset.environment,
            before=superset.prepare_database,
            page=lambda settings: settings.superset_page_url,
            folder="superset",
            stop_group=True,
        ),
    )
}
"""Every part by name, in the order in which they are shown."""
