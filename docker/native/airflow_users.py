"""Create Airflow's roles and users, or set their passwords: run in Airflow's environment.

The passwords come in environment variables: `airflow users create` takes a password on its command line only, where
every user of the machine can read it.
"""

from __future__ import annotations

import os

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security import permissions

PLANNER = "Planner"
USERS = {"admin": "Admin", "planner": PLANNER, "viewer": "Viewer"}

PLANNER_ALSO = {
    (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_DAG_RUN),
    (permissions.ACTION_CAN_EDIT, permissions.RESOURCE_DAG_RUN),
    (permissions.ACTION_CAN_EDIT, permissions.RESOURCE_TASK_INSTANCE),
    (permissions.ACTION_CAN_CREATE, permissions.RESOURCE_BACKFILL),
    (permissions.ACTION_CAN_EDIT, permissions.RESOURCE_BACKFILL),
}
"""What a planner may beyond a viewer: start, clear and backfill runs, of the DAGs that the role may edit alone."""

PLANNED = ("forecast_demand", "plan_replenishment")
"""The DAGs that a planner may edit, in Airflow's sense: act on their runs, and pause them."""

with get_application_builder() as builder:
    security = builder.sm
    allowed = {
        *security.VIEWER_PERMISSIONS,
        *PLANNER_ALSO,
        *((permissions.ACTION_CAN_EDIT, permissions.resource_name(dag, permissions.RESOURCE_DAG)) for dag in PLANNED),
    }
    planner = security.find_role(PLANNER) or security.add_role(PLANNER)
    for permission in list(planner.permissions):
        if (permission.action.name, permission.resource.name) not in allowed:
            security.remove_permission_from_role(planner, permission)
    for action, resource in sorted(allowed):
        security.add_permission_to_role(planner, security.create_permission(action, resource))
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
