"""Takes the pictures of the README from the running dashboards: ``make screenshots``.

As the viewer, in a window of a common size. The forecasts are shown of the best-selling product in its best store.
"""

from __future__ import annotations

from contextlib import closing

from supply_chain.dashboards import assets, links
from supply_chain.database import Role, connect
from supply_chain.settings import REPOSITORY, Settings, load_settings
from tests.browser import DashboardPage, chromium

FOLDER = REPOSITORY / "docs" / "images"
WINDOW = {"width": 1600, "height": 1100}

BEST_SELLER = """
    SELECT product_name, retailer FROM dashboards.demand
    WHERE forecast = 'Newest baseline' AND level = 'product_retailer' AND yhat IS NOT NULL
    GROUP BY 1, 2 ORDER BY sum(yhat) DESC LIMIT 1
"""


def main() -> None:
    """Take a picture of every dashboard."""
    settings = load_settings()
    addresses = {"demand_forecasting": _of_best_seller(settings)}
    with chromium() as browser:
        page = browser.new_page(viewport=WINDOW)
        dashboards = DashboardPage(page, settings)
        dashboards.log_in()
        for name, dashboard in assets.read().dashboards.items():
            dashboards.open(name, addresses.get(name))
            dashboards.picture(FOLDER / f"{dashboard.slug}.png")
            print(f"docs/images/{dashboard.slug}.png")


def _of_best_seller(settings: Settings) -> str:
    with closing(connect(settings, Role.READER)) as connection, connection.cursor() as cursor:
        cursor.execute(BEST_SELLER)
        product, store = cursor.fetchone()
    return links.filtered(settings, "demand_forecasting", {"product_name": [product], "retailer": [store]})


if __name__ == "__main__":
    main()
