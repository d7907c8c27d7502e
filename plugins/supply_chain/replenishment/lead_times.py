"""How many days pass from an order to its receipt, measured where it is not given.

The data knows no suppliers. What it has is the days that shipping to customers took, which stands in for the lead time:
of the same company, by the same modes, and measured. Shipping modes differ, and a pair of store and product has few
order lines, so means are pooled over all modes: a pair's own where it has enough lines, else its store's, else that of
all.

A mean says nothing about how lead times vary, and the sums that are kept do not either. Rounding up to whole days is
the allowance for it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST_LINES = 30
"""Order lines that a mean needs: at a deviation of 1.6 days, as shipping has, it is then right to 0.3 days."""

KEYS = ["retailer_id", "product_id"]


def given(pairs: pd.DataFrame, days: int) -> pd.DataFrame:
    """Return the same lead time for every pair, in the columns of :func:`measured`."""
    return pd.DataFrame(
        {
            "lead_time_days": np.full(len(pairs), days, dtype=np.int64),
            "lead_time_source": "param",
            "lead_time_mean": np.nan,
            "lead_time_lines": pd.array([None] * len(pairs), dtype="Int64"),
        },
        index=pairs.index,
    )


def measured(pairs: pd.DataFrame, shipping: pd.DataFrame) -> pd.DataFrame:
    """Measure the lead time of each pair.

    Args:
        pairs: ``retailer_id`` and ``product_id``.
        shipping: the same, and ``order_lines`` and ``shipping_days``, summed over the pair's order lines.

    Returns:
        For each pair ``lead_time_days``, ``lead_time_source`` (pair, retailer or overall), and the mean and the number
        of lines that it comes from.

    Raises:
        ValueError: nothing was shipped yet.
    """
    sums = ["order_lines", "shipping_days"]
    total = shipping[sums].sum()
    if total["order_lines"] == 0:
        raise ValueError("lead_time_days: no order line was shipped before the cutoff, so there is none to measure")
    of_pair = pairs[KEYS].merge(shipping, on=KEYS, how="left")[sums].fillna(0)
    of_retailer = pairs[["retailer_id"]].merge(
        shipping.groupby("retailer_id", as_index=False)[sums].sum(), on="retailer_id", how="left"
    )[sums]
    of_retailer = of_retailer.fillna(0)
    choices = [of_pair["order_lines"] >= LEAST_LINES, of_retailer["order_lines"] >= LEAST_LINES]
    lines = np.select(choices, [of_pair["order_lines"], of_retailer["order_lines"]], total["order_lines"])
    days = np.select(choices, [of_pair["shipping_days"], of_retailer["shipping_days"]], total["shipping_days"])
    # In whole numbers: 4 days on average are 4, and not 5 for a digit far behind the point.
    lines, days = lines.astype(np.int64), days.astype(np.int64)
    return pd.DataFrame(
        {
            "lead_time_days": -(-days // lines),
            "lead_time_source": np.select(choices, ["pair", "retailer"], "overall"),
            "lead_time_mean": days / lines,
            "lead_time_lines": pd.array(lines, dtype="Int64"),
        },
        index=pairs.index,
    )
