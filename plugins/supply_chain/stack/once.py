"""What has to be done before parts start, in containers that end: ``python -m supply_chain.stack.once STEP``."""

from __future__ import annotations

import subprocess
import sys

from supply_chain.paths import log_dir, make_folders
from supply_chain.servers import airflow, databases, kafka_users, superset
from supply_chain.settings import load_settings

STEPS = {
    "databases": databases.ensure_databases,
    "airflow": airflow.prepare_database,
    "superset": superset.prepare_database,
    "kafka-users": kafka_users.ensure_users,
}
"""What can be done, by name. Doing it again changes nothing."""


def main() -> int:
    """Do one step; where a program failed in it, print what it said and return 1."""
    step = sys.argv[1]
    settings = load_settings()
    make_folders(settings)
    try:
        STEPS[step](settings)
    except subprocess.CalledProcessError as error:
        for log in log_dir(settings).glob(f"{step}-migrate.log"):
            print(log.read_text(encoding="utf-8"))
        print(f"{step}: {error}")
        return 1
    print(f"{step}: done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
