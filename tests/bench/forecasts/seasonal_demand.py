"""Generated demand with real structure: a week and a year by category, trends, a season of presents, wandering levels.

The published orders have none of it, so that no model could be told apart from a mean on them.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

FIRST_DAY = date(2015, 1, 1)
DAYS = 1096
PRODUCTS = 60
RETAILERS = 25
CATEGORIES = 8
SIZES = np.array([0.5, 0.125, 0.125, 0.125, 0.125])
"""Probability that a customer takes 1 to 5 units."""


def generate(seed: int) -> pd.DataFrame:
    """Return sparse demand: ``day``, ``category_id``, ``product_id``, ``retailer_id``, ``quantity``."""
    random = np.random.default_rng(seed)
    calendar = pd.date_range(FIRST_DAY, periods=DAYS)
    day_of_week, day_of_year = calendar.day_of_week.to_numpy(), calendar.day_of_year.to_numpy()
    presents = ((calendar.month == 11) & (calendar.day >= 20) | (calendar.month == 12) & (calendar.day <= 24)).astype(
        float
    )
    week = random.normal(0, 0.25, (CATEGORIES, 7))
    phase, amplitude = random.uniform(0, 2 * np.pi, CATEGORIES), random.uniform(0.1, 0.5, CATEGORIES)
    of_category = random.integers(0, CATEGORIES, PRODUCTS)
    typical = 1 / np.arange(1, RETAILERS + 1)
    typical /= typical.sum()
    sold = []
    for product, category in enumerate(of_category):
        year = amplitude[category] * np.sin(2 * np.pi * day_of_year / 365.25 + phase[category])
        trend = random.normal(0, 0.25) * np.arange(DAYS) / 365
        wander = 0.15 * np.cumsum(random.normal(0, 0.02, DAYS))
        level = random.lognormal(1.5, 1.3)
        expected = level * np.exp(week[category][day_of_week] + year + trend + wander + 0.5 * presents * (category % 2))
        shares = random.dirichlet(typical * 60)
        customers = random.poisson(np.outer(shares, expected) / (SIZES @ np.arange(1, 6)))
        units = random.multinomial(customers, SIZES) @ np.arange(1, 6)
        retailer, day = np.nonzero(units)
        sold.append(
            pd.DataFrame(
                {
                    "day": day,
                    "category_id": category,
                    "product_id": product,
                    "retailer_id": retailer,
                    "quantity": units[retailer, day].astype(float),
                }
            )
        )
    return pd.concat(sold, ignore_index=True)
