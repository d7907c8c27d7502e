"""What the stream's job is without a cluster: where it starts from, and the id that it is given."""

from __future__ import annotations

import os

from supply_chain.stream.flink_job import _next_job_id, checkpoint_directory, newest_restore_point


def complete(directory, name: str, age: int):
    metadata = directory / name / "_metadata"
    metadata.parent.mkdir(parents=True)
    metadata.touch()
    os.utime(metadata, (2_000_000_000 - age,) * 2)
    return metadata.parent


def test_the_newest_complete_checkpoint_or_savepoint_is_the_restore_point(tmp_path):
    assert newest_restore_point(tmp_path) is None
    assert newest_restore_point(tmp_path / "absent") is None
    complete(tmp_path, "job-1/chk-9", age=30)
    savepoint = complete(tmp_path, "savepoints/savepoint-1", age=20)
    (tmp_path / "job-2" / "chk-3").mkdir(parents=True)
    assert newest_restore_point(tmp_path) == savepoint
    newest = complete(tmp_path, "job-2/chk-2", age=10)
    assert newest_restore_point(tmp_path) == newest


def test_each_source_has_its_own_state(settings):
    assert checkpoint_directory(settings, "a" * 64) != checkpoint_directory(settings, "b" * 64)
    assert checkpoint_directory(settings, "a" * 64).parent == settings.checkpoint_root


def test_callers_who_see_the_same_ask_for_the_same_job(tmp_path):
    first = _next_job_id(tmp_path, None, 0)
    assert first == _next_job_id(tmp_path, None, 0)
    assert len({first, _next_job_id(tmp_path, tmp_path / "chk-1", 0), _next_job_id(tmp_path, None, 1)}) == 3
    assert len(first) == 32
    assert int(first, 16) >= 0
