from __future__ import annotations

import pytest

from supply_chain.settings import SettingsError
from supply_chain.settings_file import ensure_env_file
from supply_chain.stack import lifecycle


def test_too_few_slots_for_the_job_are_refused_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("FLINK_TASK_SLOTS", "2")
    monkeypatch.setenv("FLINK_PARALLELISM", "6")
    ensure_env_file()
    with pytest.raises(SettingsError, match=r"FLINK_TASK_SLOTS=2: the job needs 6 .* or set FLINK_PARALLELISM=2"):
        lifecycle.up(lambda *_: None, lambda *_: None)
    assert not (tmp_path / "var" / "run").exists()
