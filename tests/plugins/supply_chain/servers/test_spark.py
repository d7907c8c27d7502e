"""The probes of the Spark cluster, against a real one."""

from __future__ import annotations

import os
import subprocess

import psutil
import pytest

from supply_chain.servers import spark
from supply_chain.spark import submit_command, submit_environment

pytestmark = pytest.mark.integration


def test_a_cluster_that_runs(spark_cluster):
    spark.probe_master(spark_cluster)
    spark.probe_worker(spark_cluster)
    state = spark.state(spark_cluster)
    assert [worker["state"] for worker in state["workers"]] == ["ALIVE"]
    assert state["cores"] == spark_cluster.spark_worker_cores


def listening(port: int) -> set[int]:
    """Return every port on which the process listens that listens on this one."""
    sockets = [each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
    owners = {each.pid for each in sockets if each.laddr.port == port}
    return {each.laddr.port for each in sockets if each.pid in owners}


def test_the_master_takes_programs_at_its_own_port_alone(spark_cluster):
    assert listening(spark_cluster.spark_master_port) == {
        spark_cluster.spark_master_port,
        spark_cluster.spark_master_web_port,
    }


def test_the_master_runs_what_is_submitted_there(spark_cluster, tmp_path):
    script = tmp_path / "count.py"
    script.write_text(
        "from pyspark.sql import SparkSession\n"
        "print('counted', SparkSession.builder.getOrCreate().sparkContext.parallelize(range(7), 2).count())\n"
    )
    environment = {**os.environ, **submit_environment(spark_cluster)}
    answer = subprocess.run(
        submit_command(spark_cluster, script), env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "counted 7" in answer.stdout, answer.stderr


def test_cores_that_are_missing(spark_cluster):
    wanted = spark_cluster.model_copy(update={"spark_worker_cores": 64})
    with pytest.raises(spark.SparkError, match=f"{spark_cluster.spark_worker_cores} cores are registered of 64"):
        spark.probe_worker(wanted)


@pytest.mark.parametrize("probe", [spark.probe_master, spark.probe_worker])
def test_a_master_that_does_not_answer(settings, probe):
    silent = settings.model_copy(update={"spark_master_web_port": 1})
    with pytest.raises(spark.SparkError, match=r"does not answer at http://127\.0\.0\.1:1/json/"):
        probe(silent)


def test_the_password_is_in_a_file_of_its_owner(spark_cluster):
    from supply_chain.database import Role
    from supply_chain.paths import password_file

    file = password_file(spark_cluster, Role.FORECASTER)
    assert file.stat().st_mode & 0o077 == 0
    variables = spark.environment(spark_cluster, "worker")
    assert variables["PGPASSFILE"] == str(file)
    assert spark_cluster.forecaster_password.get_secret_value() not in " ".join(variables.values())
