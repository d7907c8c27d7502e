"""What every profile decides about orders, and how it draws."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from supply_chain.orders import catalogue as the

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from numpy.typing import NDArray

    from supply_chain.orders.recipe import Recipe

    Array = NDArray[Any]

BLOCK_ORDERS = 8_192
"""Orders that are in memory together, about."""


@dataclass(frozen=True)
class Draw:
    """Consecutive orders as a profile decided them; everything else about them follows.

    Attributes:
        first_order: number of the first order, from 0.
        placed: when each order was placed; never earlier than the order before.
        customers: customer id of each order.
        payments: index into ``STATUSES`` of each order.
        destinations: index into ``DESTINATIONS`` of each order.
        modes: index into ``SHIPPING`` of each order.
        paces: from 0 to below 1, which of the days that its mode takes each order took.
        line_counts: order lines of each order.
        products: index into ``CATALOGUE`` of each order line.
        quantities: units of each order line.
        discount_rates: share of its sales that each order line is discounted by.
        profit_ratios: share of its total that each order line earns, negative for a loss.
    """

    first_order: int
    placed: list[datetime]
    customers: Array
    payments: Array
    destinations: Array
    modes: Array
    paces: Array
    line_counts: Array
    products: Array
    quantities: Array
    discount_rates: Array
    profit_ratios: Array


class Profile(ABC):
    """How the business behind generated orders behaves.

    Args:
        recipe: whose profile this is.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    @property
    @abstractmethod
    def store_weights(self) -> Array:
        """The share of the customers that each of ``STORES`` has, not normalised."""

    @abstractmethod
    def history(self) -> Iterator[Draw]:
        """Draw the orders of the history, block by block."""


def draw(seed: int, keys: Array, purpose: str) -> Array:
    """Return a number from 0 to 1 for each key, the same for the same key: splitmix64 (Steele, Lea, Flood 2014)."""
    salt = int.from_bytes(purpose.encode()[:7], "big")
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        (seed * 0xD1B54A32D192ED03 + salt) % 2**64
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(float) / 2**53)


def shares(weights: Any) -> Array:
    """Return weights, the last axis of which adds up to 1."""
    values = np.asarray(weights, dtype=float)
    return np.asarray(values / values.sum(axis=-1, keepdims=True))


def weighted(draws: Array, weights: Any) -> Array:
    """Return for each draw from 0 to 1 an index, by the weights of all indexes."""
    return np.searchsorted(np.cumsum(shares(weights))[:-1], draws, side="right")


def weighted_each(draws: Array, weights: Array, rows: Array) -> Array:
    """Return for each draw from 0 to 1 an index, by the row of weights that it has."""
    return np.asarray((draws[:, None] >= np.cumsum(shares(weights), axis=1)[rows][:, :-1]).sum(axis=1))


def place_weights(market_shares: Any) -> Array:
    """Return the weight of each of ``DESTINATIONS``, for the share of each of ``MARKETS`` in the last axis."""
    market = np.array([the.MARKETS.index(place.market) for place in the.DESTINATIONS])
    weights = np.array([place.weight for place in the.DESTINATIONS])
    totals = np.bincount(market, weights)
    return np.asarray(np.asarray(market_shares, dtype=float)[..., market] * weights / totals[market])
