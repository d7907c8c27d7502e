"""Real servers for the tests."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as property_tests

from supply_chain.paths import log_dir
from supply_chain.servers import databases, superset
from tests.servers import deployment, environment, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supply_chain.settings import Settings

# How long an example takes says nothing about the code on a machine that does other things too.
property_tests.register_profile("platform", deadline=None)
property_tests.load_profile("platform")


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """A fresh deployment; subprocesses find it by ENV_FILE, as every program of the platform does."""
    with deployment() as chosen, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENV_FILE", environment(chosen)["ENV_FILE"])
        (chosen.state_dir / "run").mkdir(mode=0o700)
        yield chosen


@pytest.fixture(scope="session")
def postgres_server(settings: Settings) -> Iterator[Settings]:
    """A running PostgreSQL with the platform's roles, databases and schema."""
    with running("postgres", settings):
        databases.ensure_databases(settings)
        yield settings


@pytest.fixture(scope="session")
def kafka_server(settings: Settings) -> Iterator[Settings]:
    """A running Kafka broker."""
    with running("kafka", settings):
        yield settings


@pytest.fixture(scope="session")
def spark_cluster(postgres_server: Settings) -> Iterator[Settings]:
    """A running Spark cluster beside the database, with one worker."""
    with (
        running("spark-master", postgres_server),
        running("spark-worker", postgres_server),
    ):
        yield postgres_server


@pytest.fixture(scope="session")
def superset_server(postgres_server: Settings) -> Iterator[Settings]:
    """A running Superset beside the database, without a dashboard."""
    log_dir(postgres_server).mkdir(parents=True, exist_ok=True)
    superset.prepare_database(postgres_server)
    with running("superset", postgres_server):
        yield postgres_server


@pytest.fixture
def database(postgres_server: Settings) -> Settings:
    """The running PostgreSQL, every table of the platform empty."""
    from supply_chain.database import DATABASE
    from supply_chain.servers.databases import connect_as_superuser

    with (
        contextlib.closing(connect_as_superuser(postgres_server, DATABASE)) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        # The countries are the migrations' own, as the columns are.
        tables = [name for (name,) in cursor if "yoyo" not in name and name != "public.countries"]
        assert "public.order_lines" in tables
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'staging'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name} CASCADE")
        cursor.execute("TRUNCATE forecast_staging.series")
    return postgres_server


@pytest.fixture
def kafka(kafka_server: Settings) -> Settings:
    """The running Kafka broker, without topics."""
    from confluent_kafka.admin import AdminClient

    client = AdminClient({"bootstrap.servers": kafka_server.kafka_bootstrap_servers})
    topics = [name for name in client.list_topics(timeout=10).topics if not name.startswith("__")]
    if topics:
        for deletion in client.delete_topics(topics).values():
            deletion.result()
    return kafka_server
