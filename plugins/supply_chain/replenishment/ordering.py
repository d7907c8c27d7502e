"""When to order, and how much: periodic review with a reorder point and an order-up-to level, (R, s, S).

Stock is looked at every R days (review period), and what is ordered arrives L days later (lead time). What is not
ordered today can be ordered R days from now at the earliest and is there after R + L days, so the stock has to last
that long:

    protection period   P = L + R
    reorder point       s = least stock that the demand of P days stays within, with the service level as probability
    safety stock        s - demand expected in P days
    order-up-to level   S = s + demand expected in the order cycle, the days that follow the protection period

Where the inventory position (on hand and on order; backorders are in on hand, below zero) is at or below s, the order
brings it up to S. With S = s an order would be made at nearly every review; the order cycle says how far apart they
are. What is not expected to sell is ordered only for customers who wait: as much as the inventory position is below 0.

From: Silver, Pyke, Thomas, *Inventory and Production Management in Supply Chains*, 4th edition: chapter 6 (order points
where demand is uncertain, service as the probability of no stock-out in a cycle, periodic review with its protection
interval R + L) and chapter 7 ((R, s, S) systems, demand as a count). What differs here is the distribution: theirs is
normal or Poisson, this one is that of the forecast (:mod:`.demand`), whose quantile replaces mean + k * deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supply_chain.demand_distribution import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supply_chain.demand_distribution import Floats, Integers
    from supply_chain.replenishment.demand import DemandForecast
    from supply_chain.replenishment.parameters import ReplenishmentParameters

DECIMALS = 6
"""Beyond these a sum of daily demands is arithmetic noise, which must not make one more unit."""


@dataclass(frozen=True)
class StockLevels:
    """Reorder point and order-up-to level of each pair, and what they follow from."""

    protection_days: Integers
    extended_days: Integers
    protection_demand: Floats
    protection_deviation: Floats
    reorder_point: Integers
    safety_stock: Floats
    order_cycle_demand: Floats
    order_up_to_level: Floats


def stock_levels(
    demand: DemandForecast,
    lead_time_days: Integers,
    *,
    review_period_days: int,
    order_cycle_days: int,
    service_level: float,
) -> StockLevels:
    """Compute the levels of every pair; the formulas are those of this module.

    Args:
        demand: what is expected, from today on.
        lead_time_days: per pair.
        review_period_days: between two plans that may order.
        order_cycle_days: whose demand an order covers beyond the safe level.
        service_level: probability of no stock-out in a protection period.
    """
    protection_days = lead_time_days + review_period_days
    protection_demand = demand.over(protection_days)
    variance = demand.variance(protection_demand)
    reorder_point = quantile(protection_demand, variance, service_level)
    order_cycle_demand = demand.over(protection_days + order_cycle_days) - protection_demand
    return StockLevels(
        protection_days=protection_days,
        extended_days=np.maximum(protection_days + order_cycle_days - demand.days, 0),
        protection_demand=protection_demand,
        protection_deviation=np.sqrt(variance),
        reorder_point=reorder_point,
        safety_stock=reorder_point - protection_demand,
        order_cycle_demand=order_cycle_demand,
        order_up_to_level=reorder_point + order_cycle_demand,
    )


def suggested_quantity(
    position: Integers,
    levels: StockLevels,
    parameters: ReplenishmentParameters,
    orderable: NDArray[np.bool_],
) -> Integers:
    """Return the units to order of each pair: 0, or a multiple between the smallest and the largest order.

    Args:
        position: on hand and on order.
        levels: of every pair.
        parameters: minimum, multiple and maximum of an order.
        orderable: pairs that are expected to sell. Of the others only what is owed is ordered.
    """
    multiple = parameters.order_multiple
    wanted = np.where(orderable, levels.order_up_to_level, 0.0)
    due = np.where(orderable, position <= levels.reorder_point, position < 0)
    missing = np.round(wanted - position, DECIMALS)
    packs = np.ceil(missing / multiple).astype(np.int64)
    quantity = np.clip(packs * multiple, parameters.smallest_order, parameters.largest_order)
    return np.where(due & (missing > 0), quantity, 0)
