"""Stock by day if nothing new is ordered, and the day on which it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supply_chain.demand_distribution import probability_within, quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supply_chain.demand_distribution import Floats, Integers
    from supply_chain.replenishment.demand import DemandForecast

HIGH_DEMAND = 0.9

NEVER = -1
"""In place of a day: not in the days of the forecast."""


@dataclass(frozen=True)
class Projection:
    """What becomes of the stock of each pair, without new orders.

    Attributes:
        expected: stock at the end of each day with the demand that is expected, shape (pairs, days).
        with_high_demand: the same with the 90 % quantile of the demand up to that day.
        stock_out_p50: number of the first day, from 0, with a probability above one half that demand up to it is more
            than the stock; :data:`NEVER` where there is none.
        stock_out_p90: the same with a probability above one tenth; never later.
    """

    expected: Floats
    with_high_demand: Integers
    stock_out_p50: Integers
    stock_out_p90: Integers


def project(demand: DemandForecast, on_hand: Integers, receipts: Integers) -> Projection:
    """Project the stock of each pair.

    Args:
        demand: what is expected, from today on.
        on_hand: at the beginning; below zero is a backorder.
        receipts: units that arrive, shape (pairs, days); they can be sold on their day.
    """
    supply = on_hand[:, np.newaxis] + np.cumsum(receipts, axis=1)
    expected, variance = demand.cumulated, demand.variance(demand.cumulated)
    lasting = probability_within(supply, expected, variance)
    return Projection(
        expected=supply - expected,
        with_high_demand=supply - quantile(expected, variance, HIGH_DEMAND),
        stock_out_p50=_first_day(lasting, 0.5),
        stock_out_p90=_first_day(lasting, HIGH_DEMAND),
    )


def receipts_by_day(days: Sequence[Sequence[int]], quantities: Sequence[Sequence[int]], horizon: int) -> Integers:
    """Return what arrives, shape (pairs, horizon).

    Args:
        days: number of the day of each receipt, per pair; what was due before the first day arrives on it.
        quantities: the units of each.
        horizon: days to look at; what arrives later is left out.
    """
    found = np.zeros((len(days), horizon), dtype=np.int64)
    for pair, (due, units) in enumerate(zip(days, quantities, strict=True)):
        for day, quantity in zip(due, units, strict=True):
            if day < horizon:
                found[pair, max(day, 0)] += quantity
    return found


def _first_day(lasting: Floats, probability: float) -> Integers:
    """Return the first day on which the quantile of demand is above the stock: it lasts with less than this."""
    out = lasting < probability
    return np.where(out.any(axis=1), out.argmax(axis=1), NEVER)
