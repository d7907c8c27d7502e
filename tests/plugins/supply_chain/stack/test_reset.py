"""`make reset`, which deletes what nobody can bring back."""

from __future__ import annotations

import subprocess
import sys

from supply_chain.settings import REPOSITORY
from tests.servers import deployment, environment


def reset(settings, answer):
    return subprocess.run(
        [sys.executable, "-m", "supply_chain.stack", "reset"],
        input=answer,
        env=environment(settings),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_state_is_deleted_after_a_yes_alone():
    with deployment() as settings:
        kept = settings.state_dir / "postgres" / "everything"
        kept.parent.mkdir()
        kept.touch()
        refused = reset(settings, "y\n")
        assert refused.returncode == 1
        assert "nothing was deleted" in refused.stderr
        assert kept.exists()
        done = reset(settings, "yes\n")
        assert done.returncode == 0, done.stderr
        assert not kept.exists()
