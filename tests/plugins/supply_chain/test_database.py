"""Transactions by role, on a real PostgreSQL."""

from __future__ import annotations

import psycopg2
import pytest

from supply_chain.database import Role, transaction

pytestmark = pytest.mark.integration

COUNT = "SELECT count(*) FROM stream_control"
CHANGE = "INSERT INTO stream_control (desired_state, changed_by) VALUES ('running', 'a test')"


def test_it_is_committed_at_the_end(database):
    with transaction(database, Role.OPERATOR, "a test") as cursor:
        cursor.execute("SELECT current_user, current_setting('application_name'), current_setting('timezone')")
        assert cursor.fetchone() == (Role.OPERATOR.login, "a test", "UTC")
        cursor.execute(CHANGE)
    with transaction(database, Role.READER, "a test") as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (1,)


def test_nothing_of_it_stays_where_something_is_raised(database):
    def change_twice() -> None:
        with transaction(database, Role.OPERATOR, "a test") as cursor:
            cursor.execute(CHANGE)
            cursor.execute(CHANGE)

    with pytest.raises(psycopg2.errors.UniqueViolation):
        change_twice()
    with transaction(database, Role.READER, "a test") as cursor:
        cursor.execute(COUNT)
        assert cursor.fetchone() == (0,)


def test_a_role_may_do_its_own_job_alone(database):
    with (
        transaction(database, Role.FORECASTER, "a test") as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(CHANGE)
