from __future__ import annotations

import numpy as np
import pytest

from forecasting import shares


def test_the_shares_of_a_product_add_up_to_one():
    random = np.random.default_rng(0)
    products = np.repeat(np.arange(5), 10)
    for strength in shares.STRENGTHS:
        found = shares.shares(random.poisson(2, 50).astype(float), random.random(50) / 20, products, strength)
        assert np.bincount(products, found) == pytest.approx(np.ones(5))
        assert (found > 0).all()


def test_a_weak_prior_leaves_what_was_sold_and_a_strong_one_what_everything_says():
    sold, everything = np.array([90.0, 10.0]), np.array([0.5, 0.5])
    products = np.zeros(2, dtype=int)
    assert shares.shares(sold, everything, products, 1e-6) == pytest.approx([0.9, 0.1])
    assert shares.shares(sold, everything, products, 1e9) == pytest.approx([0.5, 0.5], abs=1e-6)


def test_what_stores_without_a_series_would_take_is_spread_evenly():
    # Half of everything is sold by stores that never sold this product.
    sold, everything = np.array([8.0, 2.0]), np.array([0.4, 0.1])
    found = shares.shares(sold, everything, np.zeros(2, dtype=int), 10.0)
    assert found == pytest.approx([(8 + 4) / 20 + 0.125, (2 + 1) / 20 + 0.125])


@pytest.mark.parametrize(("spread", "expected"), [(0.0, "strong"), (3.0, "weak")])
def test_the_strength_follows_from_how_much_products_differ(spread, expected):
    random = np.random.default_rng(4)
    stores = random.dirichlet(np.ones(20))
    products = np.repeat(np.arange(40), 20)
    tilt = np.exp(spread * random.normal(size=(40, 20)))
    odds = stores * tilt / (stores * tilt).sum(axis=1, keepdims=True)
    earlier, later = (random.poisson(100 * odds).astype(float).ravel() for _ in range(2))
    found = shares.strongest(shares.likelihood(earlier, later, np.tile(stores, 40), products))
    assert found >= 1_000 if expected == "strong" else found <= 100
