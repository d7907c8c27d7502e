"""Lead times: a pair's own, its store's, or that of all."""

from __future__ import annotations

import pandas as pd
import pytest

from supply_chain.replenishment import lead_times

SHIPPING = pd.DataFrame(
    [
        (1, 10, 30, 120),  # enough lines of its own: 4 days exactly
        (1, 11, 29, 29 * 2),
        (2, 10, 5, 5),
        (2, 11, 6, 60),
    ],
    columns=["retailer_id", "product_id", "order_lines", "shipping_days"],
)


def measured(*keys):
    return lead_times.measured(pd.DataFrame(keys, columns=lead_times.KEYS), SHIPPING)


def test_a_pair_with_enough_lines_has_its_own():
    found = measured((1, 10)).iloc[0]
    assert (found["lead_time_source"], found["lead_time_days"], found["lead_time_mean"]) == ("pair", 4, 4.0)
    assert found["lead_time_lines"] == 30


def test_else_its_store_decides():
    found = measured((1, 11), (1, 99))
    assert found["lead_time_source"].tolist() == ["retailer"] * 2
    assert found["lead_time_mean"].tolist() == pytest.approx([178 / 59] * 2)
    assert found["lead_time_days"].tolist() == [4, 4]
    assert found["lead_time_lines"].tolist() == [59, 59]


def test_else_all_decide():
    found = measured((2, 10), (3, 10))
    assert found["lead_time_source"].tolist() == ["overall"] * 2
    assert found["lead_time_lines"].tolist() == [70, 70]
    assert found["lead_time_days"].tolist() == [4, 4]
    assert found["lead_time_mean"].tolist() == pytest.approx([243 / 70] * 2)


def test_one_that_is_given_holds_for_all():
    found = lead_times.given(pd.DataFrame([(1, 10), (2, 11)], columns=lead_times.KEYS), 9)
    assert found["lead_time_days"].tolist() == [9, 9]
    assert found["lead_time_source"].tolist() == ["param", "param"]
    assert found[["lead_time_mean", "lead_time_lines"]].isna().all(axis=None)


def test_nothing_shipped_names_the_param():
    with pytest.raises(ValueError, match="lead_time_days"):
        lead_times.measured(pd.DataFrame([(1, 10)], columns=lead_times.KEYS), SHIPPING.iloc[:0])
