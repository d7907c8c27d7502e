"""Airflow for the tests of its DAGs: a home of its own, and the DAGs and plugins of this repository."""

from __future__ import annotations

import os
import tempfile

from supply_chain.settings import REPOSITORY

# Before anything imports Airflow, which reads its configuration then and would make a home in the user's.
os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="airflow-"))
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(REPOSITORY / "dags")
os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(REPOSITORY / "plugins")
