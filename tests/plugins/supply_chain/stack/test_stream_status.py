"""What `make status` says of the stream and of the disk."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from supply_chain.database import DATABASE
from supply_chain.servers.databases import connect_as_superuser
from supply_chain.stack import health, stream_status

if TYPE_CHECKING:
    from pathlib import Path

    from supply_chain.settings import Settings


def test_the_disk_that_a_folder_takes_is_counted(tmp_path: Path) -> None:
    assert health.disk_bytes(tmp_path / "absent") == 0
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "file").write_bytes(b"x" * 100_000)
    assert 100_000 <= health.disk_bytes(tmp_path) < 200_000


def test_without_a_database_the_state_is_unknown(settings: Settings) -> None:
    found = stream_status.examine(settings.model_copy(update={"postgres_port": 1}))
    assert found.state == "unknown"
    assert not found.stands_still


@pytest.mark.integration
def test_a_stream_that_should_run_and_has_no_job_stands_still(database: Settings, kafka: Settings) -> None:
    assert not stream_status.examine(database).stands_still, "nothing is seeded, so nothing should run"
    with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO data_gen VALUES ('order_lines', 'orders.csv', 'abc', 3, 0)")
        cursor.execute("INSERT INTO stream_control VALUES (true, 'running', 5, NULL, 'test')")
        cursor.execute("INSERT INTO kafka_sent VALUES ('orders', 'abc', 3, 3, NULL, 'live', 5, now())")
    found = stream_status.examine(database)
    assert found.stands_still
    lines = dict(found.lines)
    assert lines["stream"] == "standing still"
    assert "CRITICAL" in lines["why"]
    assert lines["lag"] == "0 messages that no checkpoint covers yet"
    assert lines["last checkpoint"] == "none"
    assert lines["plan"] == lines["forecast"] == "none yet"
    with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
        cursor.execute("UPDATE stream_control SET desired_state = 'stopped'")
    stopped = stream_status.examine(database)
    assert not stopped.stands_still
    assert dict(stopped.lines)["told by"] == "test"
