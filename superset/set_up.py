"""Migrate Superset's metadata, and make its roles and users: run in Superset's environment.

In one process, since each command of `superset` takes ten seconds to start, and with the passwords in environment
variables, since `superset fab create-admin` takes them on its command line, where every user of the machine reads them.
"""

from __future__ import annotations

import os

from flask_migrate import upgrade
from superset.app import create_app

VIEWER = "Viewer"
USERS = {"admin": "Admin", "planner": VIEWER, "viewer": VIEWER}
VIEWER_ALSO = {
    ("all_datasource_access", "all_datasource_access"),
    ("can_csv", "Superset"),
    ("can_drill", "Dashboard"),
    ("can_log", "Superset"),
    ("can_read", "Dataset"),
    ("can_samples", "Datasource"),
    ("can_view_chart_as_table", "Dashboard"),
    ("can_warm_up_cache", "Chart"),
    ("menu_access", "Dashboards"),
}
"""What a viewer may do beyond Superset's own list for the public.

Open the list of dashboards and each of them, download a chart as CSV or Excel, read it as a table, and see the rows
behind a number.
"""


def main() -> None:
    """Do all of it; a second time changes nothing."""
    app = create_app()
    with app.app_context():
        from superset import appbuilder, db, security_manager

        upgrade()
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        viewer = security_manager.add_role(VIEWER)
        allowed = security_manager.PUBLIC_ROLE_PERMISSIONS | VIEWER_ALSO
        found = [security_manager.find_permission_view_menu(*permission) for permission in sorted(allowed)]
        viewer.permissions = [permission for permission in found if permission is not None]
        db.session.commit()
        for name, role in USERS.items():
            _ensure_user(security_manager, name, role, os.environ[f"SUPPLY_CHAIN_{name.upper()}_PASSWORD"])


def _ensure_user(security_manager: object, name: str, role: str, password: str) -> None:
    user = security_manager.find_user(username=name)
    if user is None:
        address = f"{name}@localhost"
        user = security_manager.add_user(
            name, name.title(), "Supply Chain", address, security_manager.find_role(role), password
        )
        if not user:
            raise SystemExit(f"Superset did not create the user {name}; its message stands above")
    else:
        security_manager.reset_password(user.id, password)
    print(f"user {name}: {role}")


if __name__ == "__main__":
    main()
