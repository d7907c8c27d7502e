"""The assets by which DAGs start one another."""

from __future__ import annotations

from airflow.sdk import Asset

ORDER_LINES = Asset(
    name="order_lines",
    uri="supply-chain://tables/order_lines",
    group="supply_chain",
    extra={"description": "The cleaned source and its reference tables, as published by seed_database."},
)
