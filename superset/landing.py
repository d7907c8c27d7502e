"""The page on which people land after logging in: the dashboard Home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask_appbuilder import IndexView, expose

if TYPE_CHECKING:
    from werkzeug import Response


class LandingView(IndexView):
    """Sends people to the dashboards in place of Superset's list of recent work."""

    @expose("/")
    def index(self) -> Response:
        """Redirect to Home, or to the list of dashboards while Home is not published."""
        # Superset's models can be imported once its application is there, which this module is a part of.
        from superset import db
        from superset.models.dashboard import Dashboard

        published = db.session.query(Dashboard.id).filter_by(slug="home").first()
        return redirect("/superset/dashboard/home/" if published else "/dashboard/list/")
