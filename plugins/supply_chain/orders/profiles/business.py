"""Orders as those of a growing business: weeks, seasons, promotions, products that come and go, and no end.

Each day is a function of the recipe and the day alone. So the days of the seeded history are drawn in blocks, and those
after it one by one, whoever draws them and when.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from supply_chain.orders import catalogue as the
from supply_chain.orders.drawing import (
    BLOCK_ORDERS,
    Draw,
    Profile,
    place_weights,
    weighted,
    weighted_each,
)
from supply_chain.orders.profiles import demand

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from supply_chain.orders.drawing import Array
    from supply_chain.orders.recipe import Recipe

FIRST_DAY = demand.FIRST_DAY
HISTORY_DAYS = (date(2018, 2, 1) - FIRST_DAY).days
"""Days of the seeded history, as in the published data set: 2015-01-01 to 2018-01-31."""

CUSTOMERS_PER_ORDER = 12_364 / 65_752
"""Each has 5 orders on average; a customer is new in one order, and may come back in any later one."""

STORE_SIZE_POWER = 0.6
"""By this power the stores are nearer to each other in size than in the published data set: 15 % to 1 %."""

LINES_PER_ORDER = (19_850, 11_447, 11_398, 11_704, 11_353)
"""Orders with 1 to 5 lines in the published data set."""

HOURS = (2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 9, 9, 9, 10, 11, 12, 12, 10, 7, 4)
"""When in the day orders are placed: weight of each hour (UTC)."""

PROMOTION_RATES = tuple(rate for rate in the.DISCOUNT_RATES if rate >= 0.15)
"""Discount rates of a promotion; each is as frequent as the others."""

MOMENT, CUSTOMER, PAYMENT, PLACE, MODE, PACE, LINES = range(7)
"""What the random numbers of an order decide."""

PRODUCT, QUANTITY, RATE, LOSS, MARGIN = range(5)
"""What the random numbers of an order line decide."""


class Business(Profile):
    """A business that grows.

    Args:
        recipe: whose profile this is.
        products: ids of the products that may be ordered; all where it is None.
        places: market, region, country, state and city to which orders may go; all where it is None.
    """

    def __init__(
        self,
        recipe: Recipe,
        *,
        products: Collection[int] | None = None,
        places: Collection[tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(recipe)
        self._may_be_ordered = np.array([
            products is None or product.product_id in products for product in the.CATALOGUE
        ])  # fmt: skip
        self._may_be_reached = np.array([places is None or place[:5] in places for place in the.DESTINATIONS])
        self._orders_per_weight = recipe.orders / demand.of_days(recipe.seed, np.arange(HISTORY_DAYS)).sum()

    @property
    def store_weights(self) -> Array:
        """Large and small stores; none has more than a sixth of the customers."""
        return np.array([store.weight for store in the.STORES]) ** STORE_SIZE_POWER

    def history(self) -> Iterator[Draw]:
        """Draw the orders of the history, block by block."""
        starts = self._orders_before(HISTORY_DAYS)
        first = 0
        while first < HISTORY_DAYS:
            last = int(np.searchsorted(starts, starts[first] + BLOCK_ORDERS))
            following = min(max(last, first + 1), HISTORY_DAYS)
            block = self._block(first, following, starts)
            if block.placed:
                yield block
            first = following

    def day(self, day: date) -> Draw | None:
        """Draw the orders of a day, of the history or after it; None where there are none."""
        number = (day - FIRST_DAY).days
        block = self._block(number, number + 1, self._orders_before(number + 1))
        return block if block.placed else None

    def _orders_before(self, days: int) -> Array:
        """Return how many orders there were before each day, and before the one that follows all of them."""
        weights = demand.of_days(self.recipe.seed, np.arange(days))
        exact = np.concatenate([[0.0], np.cumsum(weights)]) * self._orders_per_weight
        return np.asarray(np.floor(exact + 0.5).astype(int))

    def _block(self, first: int, following: int, starts: Array) -> Draw:
        """Draw the orders of some days, each from random numbers of its own."""
        days = np.arange(first, following)
        counts = np.diff(starts[first : following + 1])
        drawn = [self._numbers(day, count) for day, count in zip(days.tolist(), counts.tolist(), strict=True)]
        orders, lines = (np.concatenate(parts) for parts in zip(*drawn, strict=True))
        line_counts = _line_counts(orders)
        day_of_order = np.repeat(np.arange(len(days)), counts)
        numbers = starts[first] + np.arange(len(orders))
        return Draw(
            first_order=int(starts[first]),
            placed=_placed(first + day_of_order, orders[:, MOMENT]),
            customers=self._customers(numbers, orders[:, CUSTOMER]),
            payments=weighted(orders[:, PAYMENT], [count for *_, count in the.STATUSES]),
            destinations=weighted_each(orders[:, PLACE], self._places(days), day_of_order),
            modes=weighted(orders[:, MODE], [count for *_, count in the.SHIPPING]),
            paces=orders[:, PACE],
            line_counts=line_counts,
            **self._items(days, np.repeat(day_of_order, line_counts), lines),
        )

    def _numbers(self, day: int, count: int) -> tuple[Array, Array]:
        """Draw the random numbers of a day: a row for each of its orders, and a row for each of their lines."""
        random = np.random.default_rng(np.random.SeedSequence(self.recipe.seed, spawn_key=(day,)))
        orders = random.random((count, LINES + 1))
        orders[:, MOMENT].sort()
        return orders, random.random((int(_line_counts(orders).sum()), MARGIN + 1))

    def _customers(self, numbers: Array, draws: Array) -> Array:
        """Return who orders: customers join one by one, all within the history; in between, earlier ones return."""
        before, after = self._joined(numbers), self._joined(numbers + 1)
        return np.where(after > before, after, (draws * before).astype(int) + 1)

    def _joined(self, orders: Array) -> Array:
        """Return how many customers have ordered in so many orders."""
        customers = max(1, round(self.recipe.orders * CUSTOMERS_PER_ORDER))
        return np.asarray(np.minimum(-(-customers * orders // self.recipe.orders), customers))

    def _places(self, days: Array) -> Array:
        return _allowed(place_weights(demand.market_shares(days)), self._may_be_reached)

    def _items(self, days: Array, day_of_line: Array, draws: Array) -> dict[str, Array]:
        weights = _allowed(demand.of_products(self.recipe.seed, days), self._may_be_ordered)
        products = weighted_each(draws[:, PRODUCT], weights, day_of_line)
        several = np.array([product.price for product in the.CATALOGUE])[products] <= the.SEVERAL_UP_TO_PRICE
        promoted = demand.promotions(self.recipe.seed, days)[day_of_line, products]
        losses = np.minimum(-the.MEAN_LOSS * np.log1p(-draws[:, MARGIN]) + the.LEAST_LOSS, the.HIGHEST_LOSS)
        profits = draws[:, MARGIN] * the.HIGHEST_PROFIT
        return {
            "products": products,
            "quantities": np.where(several, 1 + (draws[:, QUANTITY] * 5).astype(int), 1),
            "discount_rates": np.where(
                promoted, _one_of(PROMOTION_RATES, draws[:, RATE]), _one_of(the.DISCOUNT_RATES, draws[:, RATE])
            ),
            "profit_ratios": np.round(np.where(draws[:, LOSS] < the.LOSS_SHARE, -losses, profits), 2),
        }


def _line_counts(orders: Array) -> Array:
    return weighted(orders[:, LINES], LINES_PER_ORDER) + 1


def _placed(days: Array, draws: Array) -> list[datetime]:
    """Return when orders are placed, to the minute: by the weights of the hours, evenly within an hour."""
    by_hour = np.concatenate([[0.0], np.cumsum(HOURS)]) / sum(HOURS)
    minutes = np.interp(draws, by_hour, np.arange(0, 25 * 60, 60)).astype(int)
    midnight = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    return [
        midnight + timedelta(days=day, minutes=minute)
        for day, minute in zip(days.tolist(), minutes.tolist(), strict=True)
    ]


def _allowed(weights: Array, allowed: Array) -> Array:
    """Give no weight to what may not be chosen; where that leaves no weight at all, give all that may be the same."""
    left = weights * allowed
    return np.where(left.sum(axis=-1, keepdims=True) > 0, left, allowed)


def _one_of(values: tuple[float, ...], draws: Array) -> Array:
    return np.asarray(np.array(values)[(draws * len(values)).astype(int)])
