from __future__ import annotations

import pytest

from supply_chain.orders.recipe import ProfileName

PROFILE = ProfileName.DATACO


def test_demand_is_flat_until_the_change(lines):
    orders = lines.drop_duplicates("Order Id")
    monthly = orders[orders["day"] < "2017-10-01"]["day"].dt.to_period("M").value_counts()
    assert len(monthly) == 33
    assert monthly.max() / monthly.min() < 1.2


def test_from_october_2017_every_order_is_one_line_of_a_new_product_by_a_new_customer(lines):
    after = lines[lines["day"] >= "2017-10-03"]
    assert len(after) == pytest.approx(65_752 * 0.126, rel=0.02)
    assert after["Order Id"].is_unique
    assert after["Customer Id"].is_unique
    assert after["Product Card Id"].between(1346, 1363).all()
    assert (after["Order Item Quantity"] == 1).all()
    assert not lines[lines["day"] < "2017-10-03"]["Product Card Id"].between(1346, 1363).any()


def test_more_than_a_third_of_the_lines_come_from_caguas(lines):
    assert lines["Customer Country"].eq("Puerto Rico").mean() == pytest.approx(0.384, abs=0.03)
    assert lines["Customer City"].eq("Caguas").mean() == pytest.approx(0.37, abs=0.03)


def test_markets_follow_one_another(lines):
    monthly = lines.groupby(lines["day"].dt.to_period("M"))["Market"].nunique()
    assert (monthly.loc["2015-01":"2015-04"] == 1).all()
