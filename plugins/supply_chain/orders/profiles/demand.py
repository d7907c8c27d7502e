"""What the business of generated orders sells on which day: growth, week, seasons, promotions, products, markets.

Everything is a function of the day, numbered from 0 for 2015-01-01, and holds for every day after it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supply_chain.orders import catalogue as the
from supply_chain.orders.drawing import draw, shares

if TYPE_CHECKING:
    from supply_chain.orders.drawing import Array

FIRST_DAY = date(2015, 1, 1)

GROWTH_MIDDLE, GROWTH_DAYS = 1_300.0, 850.0
"""The business grows along a logistic curve (Verhulst 1838): middle of the curve, and its scale, in days."""

WEEKDAYS = (1.04, 0.93, 0.91, 0.97, 1.13, 1.26, 0.76)
"""Demand from Monday to Sunday, 1 on average."""

DAY_BY_DAY = 0.07
"""Standard deviation of what makes one day of the whole business better or worse than expected."""


class Season(NamedTuple):
    """The year of a category.

    Demand follows a cosine of the year, e to the power of ``strength`` above its usual level on ``peak`` (day of the
    year), as far below half a year away, and rises by the share ``presents`` before Christmas.
    """

    strength: float
    peak: int
    presents: float


_SUMMER = Season(0.4, 185, 0.1)
_SPRING = Season(0.25, 120, 0.2)
_AUTUMN = Season(0.3, 265, 0.3)
_WINTER = Season(0.6, 355, 0.3)
_SCHOOL = Season(0.2, 240, 0.5)
_PRESENTS = Season(0.1, 340, 1.4)
_STEADY = Season(0.05, 330, 0.25)

SEASONS = {
    "Cleats": _AUTUMN, "Men's Footwear": _SCHOOL, "Women's Apparel": _SPRING, "Indoor/Outdoor Games": _SUMMER,
    "Fishing": _SPRING, "Water Sports": _SUMMER, "Camping & Hiking": _SPRING, "Cardio Equipment": Season(0.3, 20, 0.3),
    "Shop By Sport": _SCHOOL, "Baseball & Softball": _SPRING, "Lacrosse": _SPRING, "Tennis & Racquet": _SUMMER,
    "Hockey": _WINTER, "Strength Training": Season(0.35, 15, 0.2), "Boxing & MMA": _STEADY, "Electronics": _PRESENTS,
    "Accessories": _WINTER, "Girls' Apparel": _SCHOOL, "Golf Gloves": _SUMMER, "Golf Balls": _SUMMER,
    "Golf Bags & Carts": _SUMMER, "Trade-In": _STEADY, "Golf Shoes": _SPRING, "Golf Apparel": _SPRING,
    "Fishing Gear": _SUMMER, "Cameras": _PRESENTS, "Computers": _STEADY, "Video Games": _PRESENTS, "CDs": _PRESENTS,
    "DVDs": _PRESENTS, "Women's Clothing": _SUMMER, "Children's Clothing": _WINTER, "Crafts": _AUTUMN,
    "Garden": _SPRING, "Pet Supplies": _STEADY, "Books": _PRESENTS, "Health and Beauty": _PRESENTS,
    "Music": _PRESENTS, "Toys": _PRESENTS, "Consumer Electronics": _PRESENTS, "Baby": _STEADY,
    "Men's Clothing": _AUTUMN, "Sporting Goods": _SUMMER,
}  # fmt: skip
"""The year of each category of the catalogue."""

BEFORE_CHRISTMAS = ((320, 350, 357, 361), (0.0, 1.0, 1.0, 0.0))
"""Days of the year, and how far presents are bought on them."""

PROMOTION_UPLIFT = 1.5
"""Demand in a promotion, where it is 1 without."""

PROMOTIONS_A_YEAR = 2
"""Promotions of each category, a week each, in the same weeks of every year."""

SALE_DAYS = (325, 331)
"""Days of the year at the end of November, the first and the last, when every category is on sale."""

USUAL_POPULARITY = 0.15
"""How far a product's popularity wanders from its usual level, as a share of it."""

LAUNCHES = {
    1348: date(2015, 5, 4), 1355: date(2015, 6, 15), 1359: date(2015, 9, 7), 1356: date(2015, 10, 5),
    1351: date(2016, 3, 7), 1363: date(2016, 4, 4), 1354: date(2016, 4, 18), 1352: date(2016, 9, 12),
    1360: date(2016, 10, 3), 1346: date(2016, 10, 24), 1350: date(2017, 1, 16), 1357: date(2017, 2, 13),
    1358: date(2017, 3, 20), 1361: date(2017, 5, 8), 1362: date(2017, 8, 28), 1353: date(2017, 9, 18),
    1347: date(2017, 10, 9), 1349: date(2017, 11, 6),
}  # fmt: skip
"""From which day products are sold; the others were there before."""

ENDS = {
    44: date(2015, 11, 30), 926: date(2016, 8, 31), 278: date(2016, 11, 30), 78: date(2017, 3, 31),
    627: date(2017, 6, 30), 804: date(2017, 9, 30),
}  # fmt: skip
"""Up to which day, included, products are sold; the others go on."""

LAUNCH_DAYS, LAUNCH_SHARE, END_DAYS = 75, 0.25, 40
"""How long a new product takes to its usual demand, with which share it begins, and how long it sells out."""

CATALOGUE_DAYS = {False: 1_006, True: 121}
"""How long the first and the second catalogue were sold in the published data set: lines by days give a daily rate."""

MARKET_SHARES = (0.286, 0.278, 0.229, 0.143, 0.064)
MARKET_DRIFT = (-0.25, 0.0, 0.2, -0.05, 0.4)
"""Share of each of ``MARKETS`` in the middle of the history, and how the logarithm of its weight moves around it."""

MARKET_MIDDLE_DAY, MARKET_DRIFT_DAYS = 560, 700.0
"""When the shares are the usual ones, and how long they take to move; the movement ends by and by."""


def of_days(seed: int, days: Array) -> Array:
    """Return the demand of all products on each of some days, on a scale of its own.

    Args:
        seed: seed number of the orders.
        days: numbers of the days.
    """
    growth = 1 / (1 + np.exp((GROWTH_MIDDLE - days) / GROWTH_DAYS))
    weekday = np.array(WEEKDAYS)[(days + FIRST_DAY.weekday()) % 7]
    # The sum of twelve even draws, less 6, is as good as normal, with a standard deviation of 1.
    luck = sum(draw(seed, days, f"luck{number}") for number in range(12)) - 6
    return np.asarray(growth * weekday * np.exp(DAY_BY_DAY * luck) * of_products(seed, days).sum(axis=1))


def of_products(seed: int, days: Array) -> Array:
    """Return the demand of each product on each of some days, days by products, relative to each other.

    Args:
        seed: seed number of the orders.
        days: numbers of the days.
    """
    rates = np.array([
        product.weight / CATALOGUE_DAYS[product.product_id >= the.FIRST_NEW_PRODUCT] for product in the.CATALOGUE
    ])  # fmt: skip
    promoted = np.where(promotions(seed, days), PROMOTION_UPLIFT, 1.0)
    return np.asarray(rates * _life(days) * _year(days) * _popularity(seed, days) * promoted)


def promotions(seed: int, days: Array) -> Array:
    """Return which products are promoted on which of some days, days by products.

    Args:
        seed: seed number of the orders.
        days: numbers of the days.
    """
    day_of_year = _day_of_year(days)[:, None]
    categories = np.array([product.category_id for product in the.CATALOGUE])
    promoted = (day_of_year >= SALE_DAYS[0]) & (day_of_year <= SALE_DAYS[1]) & np.ones(len(categories), dtype=bool)
    for number in range(PROMOTIONS_A_YEAR):
        week = (draw(seed, categories, f"promo{number}") * 40).astype(int) + 5
        promoted |= day_of_year // 7 == week
    return np.asarray(promoted)


def market_shares(days: Array) -> Array:
    """Return the share of each of ``MARKETS`` on each of some days, days by markets."""
    moved = np.tanh((days - MARKET_MIDDLE_DAY) / MARKET_DRIFT_DAYS)[:, None]
    return shares(np.array(MARKET_SHARES) * np.exp(np.array(MARKET_DRIFT) * moved))


def _life(days: Array) -> Array:
    """Return from 0 to 1 how far each product is on sale: it comes up from its launch on, and sells out to its end."""
    alive = np.ones((len(days), len(the.CATALOGUE)))
    for index, product in enumerate(the.CATALOGUE):
        if launch := LAUNCHES.get(product.product_id):
            age = days - (launch - FIRST_DAY).days
            alive[:, index] *= (age >= 0) * np.interp(age, [0, LAUNCH_DAYS], [LAUNCH_SHARE, 1])
        if end := ENDS.get(product.product_id):
            left = (end - FIRST_DAY).days + 1 - days
            alive[:, index] *= np.interp(left, [0, END_DAYS], [0, 1])
    return alive


def _year(days: Array) -> Array:
    day_of_year = _day_of_year(days)[:, None]
    seasons = [SEASONS[product.category] for product in the.CATALOGUE]
    strength, peak, presents = (np.array(values) for values in zip(*seasons, strict=True))
    bought = np.interp(day_of_year, *BEFORE_CHRISTMAS)
    return np.asarray(np.exp(strength * np.cos(2 * np.pi * (day_of_year - peak) / 365.25)) * (1 + presents * bought))


def _popularity(seed: int, days: Array) -> Array:
    """Return how popular each product is: it comes and goes over years."""
    products = np.array([product.product_id for product in the.CATALOGUE])
    years, start = 2 + 3 * draw(seed, products, "years"), draw(seed, products, "start")
    return np.asarray(1 + USUAL_POPULARITY * np.sin(2 * np.pi * (days[:, None] / (365.25 * years) + start)))


def _day_of_year(days: Array) -> Array:
    dates = np.datetime64(FIRST_DAY) + days.astype("timedelta64[D]")
    return np.asarray((dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1)
