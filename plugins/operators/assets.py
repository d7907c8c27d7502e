"""The assets by which DAGs start one another."""

from __future__ import annotations

from airflow.sdk import Asset

ORDER_LINES = Asset(
    name="order_lines",
    uri="supply-chain://tables/order_lines",
    group="supply_chain",
    extra={"description": "The cleaned source and its reference tables, as published by seed_database."},
)

DEMAND_FORECASTS = Asset(
    name="demand_forecasts",
    uri="supply-chain://tables/demand_forecasts",
    group="supply_chain",
    extra={"description": "The newest forecast that planning goes by; an event names the run that made it."},
)

REPLENISHMENT_PLAN = Asset(
    name="replenishment_plan",
    uri="supply-chain://tables/replenishment_plan",
    group="supply_chain",
    extra={"description": "What to order for every store and product; an event names the plan."},
)
