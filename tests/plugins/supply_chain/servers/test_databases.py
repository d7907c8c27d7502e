"""The cluster's roles: each can do its job and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg2
import pytest

from supply_chain.database import Role, connect
from supply_chain.servers import databases

if TYPE_CHECKING:
    from supply_chain.settings import Settings

pytestmark = pytest.mark.integration

ALLOWED = {
    Role.SEEDER: [
        "CREATE TABLE staging.t (i int)",
        "TRUNCATE products, retailers, locations, customers, inventory, order_lines, daily_aggregates,"
        " forecast_runs, forecast_series, forecast_accuracy, replenishment_runs, replenishment_plan",
    ],
    Role.PRODUCER: ["SELECT * FROM order_lines", "SELECT * FROM stream_control", "UPDATE kafka_sent SET state = ''"],
    Role.STREAM: [
        "INSERT INTO inventory (retailer_id, product_id, sold_quantity) VALUES (1, 1, 1)"
        " ON CONFLICT (retailer_id, product_id) DO UPDATE SET sold_quantity = excluded.sold_quantity",
        "SELECT product_id FROM products",
    ],
    Role.OPERATOR: ["UPDATE stream_control SET desired_state = 'running'", "CREATE TEMPORARY TABLE t (i int)"],
    Role.FORECASTER: [
        "SELECT * FROM daily_aggregates",
        "UPDATE inventory SET received_quantity = received_quantity + 1",
        "UPDATE replenishment_plan SET received_at = now()",
        "INSERT INTO replenishment_plan (plan_id) SELECT plan_id FROM replenishment_runs",
    ],
    Role.READER: [
        "SELECT * FROM daily_aggregates",
        "SELECT * FROM rejected_events",
        "SELECT * FROM latest_replenishment_plan",
        "SELECT * FROM projected_stock",
        "SELECT * FROM dashboards.order_lines",
        "SELECT * FROM dashboards.demand WHERE forecast = 'Newest baseline'",
    ],
}
FORBIDDEN = {
    Role.SEEDER: [
        "DROP TABLE products",
        "UPDATE stream_control SET desired_state = 'running'",
        "UPDATE daily_aggregates SET order_lines = order_lines + 1",
        "DELETE FROM kafka_sent",
        "CREATE TABLE t (i int)",
    ],
    Role.PRODUCER: ["UPDATE inventory SET sold_quantity = 0", "DELETE FROM kafka_sent", "SELECT * FROM customers"],
    Role.STREAM: [
        "UPDATE inventory SET received_quantity = 1",
        "INSERT INTO inventory (retailer_id, product_id, opening_quantity) VALUES (1, 1, 1)",
        "DELETE FROM daily_aggregates",
        "SELECT * FROM order_lines",
    ],
    Role.OPERATOR: ["UPDATE inventory SET sold_quantity = 0", "DELETE FROM daily_aggregates"],
    Role.FORECASTER: [
        "UPDATE daily_aggregates SET order_lines = 1",
        "UPDATE inventory SET sold_quantity = 0",
        "UPDATE inventory SET opening_quantity = 0",
        "INSERT INTO inventory (retailer_id, product_id, received_quantity) VALUES (1, 1, 1)",
        "DELETE FROM replenishment_plan",
        "CREATE TABLE t (i int)",
    ],
    Role.READER: [
        "DELETE FROM daily_aggregates",
        "UPDATE replenishment_plan SET received_at = now()",
        "CREATE TEMPORARY TABLE t (i int)",
        "CREATE TABLE t (i int)",
    ],
}


def test_every_role_but_the_owner_is_covered() -> None:
    assert set(ALLOWED) == set(FORBIDDEN) == set(Role) - {Role.OWNER}


@pytest.mark.parametrize(("role", "command"), [(role, each) for role, some in ALLOWED.items() for each in some])
def test_a_role_may_do_its_job(database: Settings, role: Role, command: str) -> None:
    connection = connect(database, role)
    try:
        connection.cursor().execute(command)
    except psycopg2.errors.ForeignKeyViolation:
        pass  # It was allowed to try.
    finally:
        connection.close()


@pytest.mark.parametrize(("role", "command"), [(role, each) for role, some in FORBIDDEN.items() for each in some])
def test_a_role_may_do_nothing_else(database: Settings, role: Role, command: str) -> None:
    connection = connect(database, role)
    try:
        with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
            connection.cursor().execute(command)
    finally:
        connection.close()


def test_ensuring_the_databases_again_changes_nothing(database: Settings) -> None:
    databases.ensure_databases(database)
    assert databases.migrate(database) == 0


def test_a_wrong_password_is_refused(database: Settings) -> None:
    wrong = database.model_copy(update={"reader_password": database.stream_password})
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(wrong, Role.READER)


@pytest.mark.parametrize("application", [databases.AIRFLOW, databases.SUPERSET])
def test_no_role_enters_another_applications_database(database: Settings, application: str) -> None:
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(
            host=database.postgres_host,
            port=database.postgres_port,
            dbname=application,
            user=Role.READER.login,
            password=database.reader_password.get_secret_value(),
        )
