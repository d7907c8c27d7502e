"""The job's statements fit what fills them in and the tables that they write to."""

from __future__ import annotations

import re
from contextlib import closing
from string import Template

import pytest

from supply_chain.database import Role, connect
from supply_chain.settings import REPOSITORY
from supply_chain.stream.flink_job import job_parameters

SQL = {path.relative_to(REPOSITORY).as_posix(): path.read_text() for path in (REPOSITORY / "flink/sql").rglob("*.sql")}
NAMED = re.compile(r"AS 'io\.supplychain\.stream\.(\w+)' LANGUAGE JAVA")
FUNCTION = re.compile(r"class \w+ extends \w+Function\b")
OPTIONS = {"job_name", "parallelism"}
"""Parameters that the program takes as options of the job."""


def test_every_parameter_is_given_and_every_one_that_is_given_is_used(settings):
    used = {name for text in SQL.values() for name in Template(text).get_identifiers()}
    assert used | OPTIONS == set(job_parameters(settings))


def test_no_parameter_is_a_secret(settings):
    secrets = [value.get_secret_value() for _, value in settings if hasattr(value, "get_secret_value")]
    assert len(secrets) > 10
    for value in job_parameters(settings).values():
        assert not any(secret in value for secret in secrets)


def test_no_python_function_is_on_the_path_of_the_messages():
    functions = [text for text in SQL.values() if re.search(r"CREATE\b.*\bFUNCTION", text)]
    named = {name for text in functions for name in NAMED.findall(text)}
    compiled = {path.stem for path in (REPOSITORY / "flink/src").rglob("*.java") if FUNCTION.search(path.read_text())}
    assert len(functions) == len(named)
    assert named == compiled != set()


def sinks() -> dict[str, list[str]]:
    """The columns that each JDBC sink writes, by table."""
    found = {}
    for text in SQL.values():
        if "'connector' = 'jdbc'" in text:
            (name,) = re.findall(r"'table-name' = '(\w+)'", text)
            found[name] = re.findall(r"^    (\w+) [A-Z]+", text.partition(" WITH ")[0], re.MULTILINE)
            found[name] = [column for column in found[name] if column != "PRIMARY"]
    return found


@pytest.mark.integration
def test_the_sinks_fit_the_tables(database):
    written = sinks()
    assert set(written) == {"inventory", "daily_aggregates", "order_activity", "recent_orders", "rejected_events"}
    with closing(connect(database, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER'"
            " FROM information_schema.columns WHERE table_schema = 'public'"
        )
        columns = cursor.fetchall()
    for table, names in written.items():
        assert set(names) <= {column for name, column, _ in columns if name == table}
        assert {column for name, column, required in columns if name == table and required} <= set(names)
