"""Publish the dashboards: ``make dashboards``."""

from __future__ import annotations

import sys

import requests

from supply_chain.dashboards.assets import AssetError
from supply_chain.dashboards.publishing import PublishError, publish
from supply_chain.dashboards.superset_api import SupersetError
from supply_chain.settings import SettingsError, load_settings


def main() -> int:
    """Publish, and return the exit code."""
    try:
        settings = load_settings()
        publish(settings, print)
    except (AssetError, PublishError, SettingsError, SupersetError, requests.RequestException) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"see {settings.superset_page_url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
