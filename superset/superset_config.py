"""Superset's configuration; what differs between deployments comes from the platform's settings."""

from __future__ import annotations

from superset.config import THEME_DEFAULT as SUPERSETS_THEME

import product
from event_log import ChangeLogger
from supply_chain.dashboards import bundle, colours
from supply_chain.settings import load_settings

_settings = load_settings()
_database_password = _settings.superset_database_password.get_secret_value()
_state = _settings.state_dir / "superset"

SECRET_KEY = _settings.superset_secret_key.get_secret_value()
SQLALCHEMY_DATABASE_URI = (
    f"postgresql+psycopg2://superset:{_database_password}@{_settings.postgres_host}:{_settings.postgres_port}/superset"
)
SQLALCHEMY_ENGINE_OPTIONS = {"pool_pre_ping": True}

# --- Who may look ---------------------------------------------------------------------------------------------------
if _settings.superset_anonymous:
    AUTH_ROLE_PUBLIC = "Viewer"
_encrypted = bool(_settings.tls_authority)
SESSION_COOKIE_NAME = _settings.session_cookie("superset")
SESSION_COOKIE_SECURE = _encrypted
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
WTF_CSRF_ENABLED = True
RATELIMIT_ENABLED = False
TALISMAN_ENABLED = True
# Superset's own list also names map tiles and a counter of visits elsewhere; nothing here is loaded from outside.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "connect-src": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "object-src": "'none'",
        "script-src": ["'self'", "'strict-dynamic'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "worker-src": ["'self'", "blob:"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": _encrypted,
    "session_cookie_secure": _encrypted,
    # It would hold for every port of the host, whatever else answers there.
    "strict_transport_security": False,
}

# --- How fresh, how much --------------------------------------------------------------------------------------------
# Files, so that the processes share them and no further server is needed.
CACHE_CONFIG = {
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": str(_state / "cache"),
    "CACHE_DEFAULT_TIMEOUT": 3600,
    "CACHE_THRESHOLD": 1000,
}
# What people choose in filters, kept for as long as they may come back to it.
FILTER_STATE_CACHE_CONFIG = {
    **CACHE_CONFIG,
    "CACHE_DIR": str(_state / "filter_cache"),
    "CACHE_DEFAULT_TIMEOUT": 90 * 86_400,
    "CACHE_THRESHOLD": 10_000,
    "REFRESH_TIMEOUT_ON_RETRIEVAL": True,
}
# Orders arrive all the time: a number on a dashboard may be a minute old.
DATA_CACHE_CONFIG = {**CACHE_CONFIG, "CACHE_DIR": str(_state / "data_cache"), "CACHE_DEFAULT_TIMEOUT": 60}
FEATURE_FLAGS = {
    # Charts ask when they come into view: a reader waits for those that are to be seen.
    "DASHBOARD_VIRTUALIZATION_DEFER_DATA": True,
    # Conditions of charts take the forecast's level that fits what is chosen. Superset runs templates in a sandbox.
    "ENABLE_TEMPLATE_PROCESSING": True,
}
# A dashboard that refreshes itself asks like a reader, so that charts which may be cached stay so.
DASHBOARD_AUTO_REFRESH_MODE = "fetch"
SUPERSET_WEBSERVER_TIMEOUT = 60
ROW_LIMIT = 5000
EVENT_LOGGER = ChangeLogger()
# Publishing reads whole lists.
FAB_API_MAX_PAGE_SIZE = 1000
SQL_MAX_ROW = 100_000

# --- What it looks like ---------------------------------------------------------------------------------------------
# Superset reads this file last, when its own defaults are there to be changed.
# Pictures stand at once, without moving into place: on few processors that is what a reader waits for.
APP_NAME = "Supply chain"
BLUEPRINTS = [product.FILES]
FAVICONS = [product.FAVICON]
FLASK_APP_MUTATOR = product.change
_colours = colours.read()
THEME_DEFAULT = {
    **SUPERSETS_THEME,
    "token": {
        **SUPERSETS_THEME["token"],
        "brandAppName": APP_NAME,
        "brandLogoAlt": APP_NAME,
        "brandLogoUrl": product.LOGO,
        "brandLogoHref": "/superset/dashboard/home/",
        "colorPrimary": _colours.brand,
        "colorLink": _colours.brand,
        "fontSizeSM": 11,
        "motion": False,
    },
    # The buttons "All" and "Inv" of legends take the room of names.
    "echartsOptionsOverrides": {"animation": False, "legend": {"selector": False}},
    # Of labels that would touch, ECharts leaves one out: with a background, a label's padding counts as well.
    "echartsOptionsOverridesByChartType": {
        viz_type: {"xAxis": {"axisLabel": {"padding": [0, 4], "backgroundColor": "rgba(0, 0, 0, 0)"}}}
        for viz_type in bundle.AXES
    },
}
THEME_DARK = None
EXTRA_CATEGORICAL_COLOR_SCHEMES = [
    {"id": colours.SCHEME, "label": APP_NAME, "description": "", "isDefault": True, "colors": _colours.palette}
]
LOGO_TARGET_PATH = "/superset/dashboard/home/"
FAB_INDEX_VIEW = "landing.LandingView"
