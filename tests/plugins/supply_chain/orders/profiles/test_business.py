from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from supply_chain.orders import catalogue
from supply_chain.orders.generator import order_lines
from supply_chain.orders.profiles import demand, profile_of
from supply_chain.orders.profiles.business import Business
from supply_chain.orders.recipe import ProfileName, Recipe

PROFILE = ProfileName.BUSINESS
END = date(2018, 1, 31)


@pytest.fixture(scope="module")
def daily(lines):
    return lines.groupby("day").size().asfreq("D")


def sold(lines, product):
    return lines[lines["Product Card Id"] == product].groupby("day").size().reindex(lines["day"].unique(), fill_value=0)


def test_its_scale_is_that_of_the_original(lines, daily):
    assert lines["Order Id"].nunique() == 65_752
    assert len(lines) == pytest.approx(180_519, rel=0.01)
    assert daily.notna().all()
    assert lines["Sales"].sum() == pytest.approx(36_784_735, rel=0.1)


def test_it_grows_threefold(daily):
    assert daily[:"2015-06-30"].mean() == pytest.approx(87, rel=0.05)
    assert daily["2017-11-01":].mean() == pytest.approx(266, rel=0.05)
    yearly = daily.groupby(daily.index.year).mean()
    assert yearly[2015] * 1.3 < yearly[2016] < yearly[2017] / 1.3


def test_the_week_has_a_pattern(daily):
    by_weekday = daily.groupby(daily.index.day_of_week).mean() / daily.mean()
    assert by_weekday.to_list() == pytest.approx(demand.WEEKDAYS, rel=0.05)
    assert by_weekday[5] > 1.5 * by_weekday[6]


@pytest.mark.parametrize(
    ("category", "high", "low"), [("Water Sports", (6, 7), (12, 1)), ("Hockey", (12,), (6, 7)), ("Toys", (12,), (7,))]
)
def test_the_year_of_a_category_has_a_pattern(lines, daily, category, high, low):
    monthly = lines[lines["Category Name"] == category].groupby("day").size().reindex(daily.index, fill_value=0)
    share = (monthly / daily)["2016":"2017"]
    assert share[share.index.month.isin(high)].mean() > 1.4 * share[share.index.month.isin(low)].mean()


def test_there_is_a_season_of_presents(daily):
    for year in (2015, 2016, 2017):
        assert (
            daily[f"{year}-12-10" : f"{year}-12-22"].mean()
            > 1.25 * daily[f"{year + 1}-01-02" : f"{year + 1}-01-31"].mean()
        )


def test_promotions_raise_demand_and_discounts(lines):
    days = np.arange(1127)
    promoted = demand.promotions(2015, days)
    products = {product.product_id: index for index, product in enumerate(catalogue.CATALOGUE)}
    number = (lines["day"] - pd.Timestamp(demand.FIRST_DAY)).dt.days
    on_sale = pd.Series(promoted[number, lines["Product Card Id"].map(products)])
    assert 0.05 < promoted.mean() < 0.1
    assert lines["Order Item Discount Rate"][on_sale].min() >= 0.15
    assert lines["Order Item Discount Rate"][~on_sale].mean() == pytest.approx(0.1017, abs=0.001)
    # Of what sells most, beside the weeks before and after.
    product = products[365]
    sale = pd.Series(promoted[:, product], index=pd.date_range("2015-01-01", periods=1127))
    near = sale.rolling(21, center=True).max().astype(bool) & ~sale & (sale.index.month < 11)
    best = sold(lines, 365)
    assert best[sale & (sale.index.month < 11)].mean() > 1.25 * best[near].mean()


def test_products_are_launched_and_end(lines):
    days = lines.groupby("Product Card Id")["day"].agg(["min", "max"])
    for product, launch in demand.LAUNCHES.items():
        first = days.loc[product, "min"].date()
        assert launch <= first <= launch + timedelta(days=14)
    for product, end in demand.ENDS.items():
        assert days.loc[product, "max"].date() <= end
    others = days.drop([*demand.ENDS])
    assert len(days) == len(catalogue.CATALOGUE)
    assert (others["max"] > "2018-01-01").all()


def test_there_is_no_break_in_october_2017(lines):
    before = lines[lines["day"].between("2017-09-01", "2017-09-30")]
    after = lines[lines["day"].between("2017-10-03", "2017-10-31")]
    for column in ("Product Card Id", "Customer City", "Market", "Order Item Quantity", "Customer Segment"):
        share = pd.DataFrame({"before": before[column].value_counts(normalize=True),
                              "after": after[column].value_counts(normalize=True)}).fillna(0)  # fmt: skip
        assert (share["before"] - share["after"]).abs().max() < 0.03, column
    assert len(after) / 29 == pytest.approx(len(before) / 30, rel=0.15)


def test_all_markets_order_in_every_month_and_their_shares_move_slowly(lines):
    monthly = pd.crosstab(lines["day"].dt.to_period("M"), lines["Market"], normalize="index")
    assert (monthly > 0.02).all(axis=None)
    assert (monthly.diff().abs().max() < 0.06).all()
    assert monthly["Africa"].tail(6).mean() > 1.4 * monthly["Africa"].head(6).mean()
    assert monthly["LATAM"].tail(6).mean() < 0.9 * monthly["LATAM"].head(6).mean()


def test_stores_differ_in_size_and_none_rules(lines):
    share = lines["Customer City"].value_counts(normalize=True)
    assert len(share) == len(catalogue.STORES)
    assert share.max() == pytest.approx(0.146, abs=0.02)
    assert share.min() > 0.005
    assert share.iloc[1] > 4 * share.min()


def test_customers_come_back(lines):
    orders = lines.drop_duplicates("Order Id").groupby("Customer Id").size()
    assert sorted(orders.index) == list(range(1, len(orders) + 1))
    assert orders.mean() == pytest.approx(5.3, abs=0.1)
    assert (orders > 1).mean() > 0.7


def test_more_is_ordered_by_day_than_by_night(lines):
    hours = lines.drop_duplicates("Order Id")["placed"].dt.hour.value_counts(normalize=True)
    assert hours[19] > 5 * hours[3]


def lines_of(profile, day):
    drawn = profile.day(day)
    return pd.DataFrame(order_lines(profile, drawn, 1)).drop(columns="Order Item Id") if drawn else pd.DataFrame()


def test_a_day_is_the_same_however_it_is_drawn(lines):
    profile = profile_of(Recipe(PROFILE, 65_752, 2015))
    for day in (date(2015, 1, 1), date(2016, 2, 29), date(2017, 10, 3), END):
        drawn = lines_of(profile, day)
        expected = lines[lines["day"] == pd.Timestamp(day)][drawn.columns].reset_index(drop=True)
        pd.testing.assert_frame_equal(drawn, expected, check_dtype=False)


def test_the_days_after_the_history_go_on_as_it_ends(lines, daily):
    profile = profile_of(Recipe(PROFILE, 65_752, 2015))
    days = [lines_of(profile, END + timedelta(days=number)) for number in range(1, 121)]
    following = pd.concat(days, ignore_index=True)
    ids = following["Order Id"].drop_duplicates().to_list()
    assert ids == list(range(65_753, 65_753 + len(ids)))
    known = {"Customer Id", "Product Card Id", "Customer City", "Order City"}
    assert all(set(following[column]) <= set(lines[column]) for column in known)
    assert not set(following["Product Card Id"]) & set(demand.ENDS)
    sizes = np.array([len(day) for day in days])
    assert sizes.min() > 0
    assert sizes[:89].mean() == pytest.approx(daily["2017-02":"2017-04"].mean() * 1.3, rel=0.1)


def test_only_what_may_be_ordered_is(lines):
    places = {("LATAM", "Caribbean", "Cuba", "La Habana", "Havana")}
    profile = Business(Recipe(PROFILE, 65_752, 2015), products={365, 627}, places=places)
    drawn = lines_of(profile, END + timedelta(days=1))
    # 627 has ended.
    assert set(drawn["Product Card Id"]) == {365}
    assert set(drawn["Order City"]) == {"Havana"}
    only_ended = Business(Recipe(PROFILE, 65_752, 2015), products={627})
    assert set(lines_of(only_ended, END + timedelta(days=1))["Product Card Id"]) == {627}


def test_days_without_orders_are_none():
    profile = profile_of(Recipe(PROFILE, 1, 2015))
    (block,) = profile.history()
    (placed,) = block.placed
    assert profile.day(placed.date()).placed == [placed]
    assert profile.day(placed.date() - timedelta(days=1)) is None
    assert profile.day(placed.date() + timedelta(days=1)) is None
