"""The demand in the published orders, read from the CSV itself."""

from __future__ import annotations

import pandas as pd

from supply_chain.orders.event import NO_DEMAND
from tests.bench.forecasts.seasonal_demand import FIRST_DAY

COLUMNS = {
    "Product Card Id": "product_id",
    "Product Category Id": "category_id",
    "Order Item Quantity": "quantity",
}
STORE = ["Customer City", "Customer State", "Customer Country"]
ORDERED = "order date (DateOrders)"


def read(path: str) -> pd.DataFrame:
    """Return sparse demand: ``day``, ``category_id``, ``product_id``, ``retailer_id``, ``quantity``."""
    names = [*COLUMNS, *STORE, ORDERED, "Order Status"]
    lines = pd.read_csv(path, encoding="latin-1", usecols=names)
    lines = lines[~lines["Order Status"].isin(NO_DEMAND)]
    ordered = pd.to_datetime(lines[ORDERED], format="%m/%d/%Y %H:%M")
    lines = lines.rename(columns=COLUMNS).assign(
        day=(ordered.dt.normalize() - pd.Timestamp(FIRST_DAY)).dt.days,
        retailer_id=lines.groupby(STORE).ngroup(),
    )
    keys = ["day", "category_id", "product_id", "retailer_id"]
    return lines.groupby(keys, as_index=False)["quantity"].sum()
