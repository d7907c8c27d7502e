"""Orders as those of the published data set, for tests and comparison.

They are evenly spaced in time, without seasons; nine products make most of the order lines; markets follow one another.
On 3 October 2017 the shop changes: every order is one line, of a new product, by a new customer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from supply_chain.orders import catalogue as the
from supply_chain.orders.drawing import (
    BLOCK_ORDERS,
    Draw,
    Profile,
    place_weights,
    shares,
    weighted,
    weighted_each,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from supply_chain.orders.drawing import Array

FIRST_ORDER = datetime(2015, 1, 1, tzinfo=UTC)
CHANGE = datetime(2017, 10, 3, tzinfo=UTC)
END = datetime(2018, 2, 1, tzinfo=UTC)
SHARE_AFTER_CHANGE = 8_288 / 65_752
CUSTOMERS_PER_ORDER = 12_364 / 57_464
"""Customers up to the change, per order; after it every order has a new one."""

MARKET_PERIODS = (
    ("2015-01-01", (1, 0, 0, 0, 0)),
    ("2015-05-31", (0, 1, 0, 0, 0)),
    ("2015-10-24", (0, 0, 1, 0, 0)),
    ("2016-04-02", (0, 0, 0, 1, 0)),
    ("2016-08-25", (0, 0.18, 0.32, 0.04, 0.46)),
    ("2017-01-18", (1, 0, 0, 0, 0)),
    ("2017-06-18", (0, 1, 0, 0, 0)),
    ("2017-11-11", (0, 0, 1, 0, 0)),
)
"""From which day on which share of the orders goes to each of ``MARKETS``."""


class DataCo(Profile):
    """Flat demand up to the shop's change. Each block has random numbers of its own."""

    @property
    def store_weights(self) -> Array:
        """Over a third of the customers live in Caguas."""
        return np.array([store.weight for store in the.STORES], dtype=float)

    @property
    def orders_before(self) -> int:
        """Orders before the change."""
        return max(1, self.recipe.orders - round(self.recipe.orders * SHARE_AFTER_CHANGE))

    @property
    def customers_before(self) -> int:
        """Customers before the change."""
        return max(1, round(self.orders_before * CUSTOMERS_PER_ORDER))

    def history(self) -> Iterator[Draw]:
        """Draw the orders of the history, block by block."""
        for first in range(0, self.recipe.orders, BLOCK_ORDERS):
            numbers = np.arange(first, min(first + BLOCK_ORDERS, self.recipe.orders))
            sequence = np.random.SeedSequence(self.recipe.seed, spawn_key=(first // BLOCK_ORDERS,))
            yield self._block(np.random.default_rng(sequence), numbers)

    def _block(self, random: Generator, numbers: Array) -> Draw:
        """Draw a block; the sequence of the draws decides the bytes, so it must stay as it is."""
        count = len(numbers)
        placed = [self._placed(number) for number in numbers.tolist()]
        before = numbers < self.orders_before
        customers = np.where(
            before,
            random.integers(0, self.customers_before, count) + 1,
            self.customers_before + numbers - self.orders_before + 1,
        )
        payments = random.choice(len(the.STATUSES), count, p=shares([orders for *_, orders in the.STATUSES]))
        destinations = _destinations(random, placed)
        modes = random.choice(len(the.SHIPPING), count, p=shares([orders for *_, orders in the.SHIPPING]))
        paces = random.random(count)
        line_counts = np.where(before, random.integers(1, 6, count), 1)
        old = np.repeat(before, line_counts)
        products = _products(random, old)
        several = old & (np.array([product.price for product in the.CATALOGUE])[products] <= the.SEVERAL_UP_TO_PRICE)
        return Draw(
            first_order=int(numbers[0]),
            placed=placed,
            customers=customers,
            payments=payments,
            destinations=destinations,
            modes=modes,
            paces=paces,
            line_counts=line_counts,
            products=products,
            quantities=np.where(several, random.integers(1, 6, len(products)), 1),
            discount_rates=np.array(the.DISCOUNT_RATES)[random.integers(0, len(the.DISCOUNT_RATES), len(products))],
            profit_ratios=_profit_ratios(random, len(products)),
        )

    def _placed(self, number: int) -> datetime:
        """Return when an order is placed: evenly before the change, evenly and a little faster after it."""
        if number < self.orders_before:
            moment = FIRST_ORDER + (CHANGE - FIRST_ORDER) * number / self.orders_before
        else:
            after = self.recipe.orders - self.orders_before
            moment = CHANGE + (END - CHANGE) * (number - self.orders_before) / after
        return moment.replace(second=0, microsecond=0)


def _destinations(random: Generator, placed: list[datetime]) -> Array:
    """Draw destinations: the market by the time of the order, the place by its weight within the market."""
    starts = np.array([start for start, _ in MARKET_PERIODS], dtype="datetime64[D]")
    days = np.array([moment.date() for moment in placed], dtype="datetime64[D]")
    periods = np.searchsorted(starts, days, side="right") - 1
    return weighted_each(random.random(len(placed)), place_weights([markets for _, markets in MARKET_PERIODS]), periods)


def _products(random: Generator, before: Array) -> Array:
    new = np.array([product.product_id >= the.FIRST_NEW_PRODUCT for product in the.CATALOGUE])
    weights = np.array([product.weight for product in the.CATALOGUE], dtype=float)
    draws = random.random(len(before))
    return np.where(before, weighted(draws, weights * ~new), weighted(draws, weights * new))


def _profit_ratios(random: Generator, count: int) -> Array:
    """Draw profits as shares of the total: a fifth are losses, some of them far above the price."""
    loss = random.random(count) < the.LOSS_SHARE
    losses = np.minimum(random.exponential(the.MEAN_LOSS, count) + the.LEAST_LOSS, the.HIGHEST_LOSS)
    return np.round(np.where(loss, -losses, random.random(count) * the.HIGHEST_PROFIT), 2)
