"""`make airflow`: a command of Airflow's in the deployment, and nothing else of ours."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

from tests.servers import environment


def airflow(settings, *arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "supply_chain.stack", "airflow", *arguments],
        env={**environment(settings), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_prints_what_the_command_prints(settings):
    told = airflow(settings, "version")
    assert (told.returncode, told.stdout.strip(), told.stderr) == (0, metadata.version("apache-airflow"), "")


def test_it_is_the_deployments_own_whatever_the_users_shell_says(settings, tmp_path):
    told = airflow(settings, "config", "get-value", "database", "sql_alchemy_conn", AIRFLOW_HOME=str(tmp_path))
    assert f":{settings.postgres_port}/airflow" in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_options_and_exit_codes_are_the_commands(settings):
    help_of = airflow(settings, "--help")
    assert help_of.returncode == 0
    assert "backfill" in help_of.stdout
    wrong = airflow(settings, "backfill", "create", "--dag-id", "forecast_demand", "--until", "2017-01-01")
    assert wrong.returncode == 2
    assert "--from-date" in wrong.stderr
