"""Create Airflow's users, or set their passwords: run in Airflow's environment, passwords by environment variables.

`airflow users create` takes a password on its command line only, where every user of the machine can read it.
"""

from __future__ import annotations

import os

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

USERS = {"admin": "Admin", "viewer": "Viewer"}

with get_application_builder() as builder:
    security = builder.sm
    for name, role in USERS.items():
        password = os.environ[f"SUPPLY_CHAIN_{name.upper()}_PASSWORD"]
        user = security.find_user(username=name)
        if user is None:
            added = security.add_user(
                name, name.title(), "Supply Chain", f"{name}@localhost", security.find_role(role), password
            )
            if not added:
                raise SystemExit(f"Airflow did not create the user {name}; its message stands above")
        else:
            security.reset_password(user.id, password)
        print(f"user {name}: {role}")
