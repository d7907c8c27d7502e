"""How the demand of a product divides among its stores.

What a store sold of a product says little where it sold little, and what it sells of everything says more. Its share is
a weighted mean of both, as in credibility theory (Buehlmann and Straub, 1970; a Dirichlet prior around the store's
share of everything):

    (sold of the product + strength * share of everything) / (product sold in all stores + strength)

The strength is chosen from a list by how well shares of an earlier part of the window foretell the later part. Stores
that never sold the product have a share too, but no series; it is spread evenly over those that have one, so that the
sums agree and no store's share is inflated by it in proportion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_DAYS = 364
HELD_OUT_DAYS = 91
STRENGTHS = np.array([1.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 100_000.0])
"""Units of prior demand that the store's share of everything counts for."""


def shares(
    sold: NDArray[np.float64], everything: NDArray[np.float64], products: NDArray[np.int64], strength: float
) -> NDArray[np.float64]:
    """Return each pair's share of its product; they add up to one over the pairs of a product.

    Args:
        sold: units of the pair in the window, shape (pairs,).
        everything: the store's share of all units in the window, shape (pairs,).
        products: number of the pair's product, from 0, shape (pairs,).
        strength: one of :data:`STRENGTHS`.
    """
    total = np.bincount(products, sold)[products]
    blended = (sold + strength * np.maximum(everything, 1e-9)) / (total + strength)
    rest = 1 - np.bincount(products, blended)
    return np.asarray(blended + (rest / np.bincount(products))[products])


def likelihood(
    earlier: NDArray[np.float64],
    later: NDArray[np.float64],
    everything: NDArray[np.float64],
    products: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return how well earlier demand foretells where later demand comes up: log likelihoods, shape (strengths,).

    Args:
        earlier: units of the pair in the window without its last days, shape (pairs,).
        later: its units in those last days.
        everything: the store's share of all units in the earlier part.
        products: number of the pair's product, from 0.
    """
    return np.array([np.sum(later * np.log(shares(earlier, everything, products, strength))) for strength in STRENGTHS])


def strongest(likelihoods: NDArray[np.float64]) -> float:
    """Return the strength with the greatest likelihood, summed over all products."""
    return float(STRENGTHS[int(np.argmax(likelihoods))])
