"""All steps together, on one process."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasting import hierarchy, pipeline
from forecasting.panel import Panel
from forecasting.pipeline import LocalBuckets
from forecasting.plan import Change, Plan
from supply_chain import demand_distribution

FIRST_DAY = date(2015, 1, 1)
CUTOFF = date(2016, 7, 4)
LEVELS = ["total", "category", "product", "retailer", "product_retailer"]


@pytest.fixture(scope="module")
def plan():
    return Plan(FIRST_DAY, CUTOFF, 30)


@pytest.fixture(scope="module")
def result(small, plan):
    return pipeline.run(LocalBuckets(small, 3), plan)


def _level(result, level):
    return result.series[result.series["level"] == level]


def test_every_series_that_ever_sold_is_there(result, small):
    counts = result.series["level"].value_counts().to_dict()
    assert counts == {"total": 1, "category": 4, "product": 12, "retailer": 8, "product_retailer": 96}
    assert len(small.groupby(["product_id", "retailer_id"])) == 96
    assert {len(yhat) for yhat in result.series["yhat"]} == {30}


def test_the_levels_agree(result):
    total = np.stack(_level(result, "total")["yhat"]).sum(axis=0)
    assert total.sum() > 0
    for level in LEVELS:
        assert np.stack(_level(result, level)["yhat"]).sum(axis=0) == pytest.approx(total, abs=1e-6)
    products = _level(result, "product").set_index("product_id")["yhat"]
    for product, pairs in _level(result, "product_retailer").groupby("product_id"):
        assert np.stack(pairs["yhat"]).sum(axis=0) == pytest.approx(products[product], abs=1e-6)


def test_quantiles_are_in_order_and_nothing_is_below_zero(result):
    low, middle, high = (np.stack(result.series[name]) for name in ("p10", "p50", "p90"))
    assert (np.stack(result.series["yhat"]) >= 0).all()
    assert (low >= 0).all()
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high > middle).any()


def test_buckets_do_not_matter(result, small, plan):
    alone = pipeline.run(LocalBuckets(small, 1), plan)
    keys = ["level", "category_id", "product_id", "retailer_id"]
    first, second = (each.series.sort_values(keys) for each in (result, alone))
    assert np.stack(first["yhat"]) == pytest.approx(np.stack(second["yhat"]), abs=1e-6)
    for name in ("p10", "p50", "p90"):
        # A quantile is a step: a difference in the last digit may lie on one.
        assert (np.stack(first[name]) != np.stack(second[name])).mean() < 0.001


def test_a_product_that_has_ended_is_forecast_nothing_and_a_new_one_its_own_mean(result, small):
    products = _level(result, "product").set_index("product_id")
    assert products.loc[111, "status"] == "stopped"
    assert sum(products.loc[111, "yhat"]) == 0
    assert products.loc[110, "status"] == "new"
    own = small[small["product_id"] == 110]["quantity"].sum() / 30
    assert np.mean(products.loc[110, "yhat"]) == pytest.approx(own, rel=0.25)
    pairs = _level(result, "product_retailer")
    assert set(pairs[pairs["product_id"] == 111]["status"]) == {"stopped"}
    assert set(pairs[pairs["product_id"] == 110]["status"]) == {"new"}
    assert set(products.drop([110, 111])["status"]) == {"ok"}


def test_backtests_are_of_three_windows_and_of_every_model(result, plan):
    accuracy = result.accuracy
    assert sorted(set(accuracy["cutoff"])) == [plan.day(number) for number in plan.reported]
    assert len(plan.reported) == 3
    assert set(accuracy["horizon_days"]) == {7, 28}
    assert set(accuracy["level"]) == set(LEVELS)
    models = set(accuracy[(accuracy["level"] == "product_retailer") & (accuracy["segment"] == "all")]["model"])
    assert models == {
        "prophet_allocated", "prophet_pair", "moving_mean", "seasonal_naive", "tsb", "champion",
    }  # fmt: skip
    chosen = accuracy[accuracy["chosen"] & (accuracy["model"] != "champion")]
    assert chosen["reason"].notna().all()
    assert len(chosen) > 0
    champion = accuracy[(accuracy["model"] == "champion") & (accuracy["horizon_days"] == 28)]
    assert champion.set_index("level")["wape_total"].max() < 1


def test_segments_add_up_to_all(result):
    pairs = result.accuracy[result.accuracy["level"] == "product_retailer"]
    keys = ["cutoff", "horizon_days", "model"]
    whole = pairs[pairs["segment"] == "all"].set_index(keys)["series"].sort_index()
    parts = pairs[pairs["segment"] != "all"].groupby(keys)["series"].sum().sort_index()
    pd.testing.assert_series_equal(whole, parts)


def test_days_after_a_cutoff_do_not_change_its_forecast(small, plan):
    keys = ("category_id", "product_id")
    changed = small.copy()
    changed.loc[changed["day"] >= 400, "quantity"] *= 7
    found = [
        hierarchy.candidates(Panel.from_rows(rows, keys, FIRST_DAY, plan.days), 400, 28, plan, rules=True)
        for rows in (small, changed)
    ]
    assert not np.array_equal(found[0].actual, found[1].actual)
    assert len(found[0].forecasts) == 4
    for name, forecast in found[0].forecasts.items():
        assert np.array_equal(forecast, found[1].forecasts[name]), name


def test_days_from_the_cutoff_on_are_refused(small):
    with pytest.raises(IndexError):
        pipeline.run(LocalBuckets(small), Plan(FIRST_DAY, date(2016, 6, 1), 30))


def test_what_is_wanted_is_given_and_the_levels_above_it(small, result):
    wanted = Plan(FIRST_DAY, CUTOFF, 30, product_ids=frozenset({100, 101}), retailer_ids=frozenset({3}))
    part = pipeline.run(LocalBuckets(small), wanted)
    pairs = _level(part, "product_retailer")
    assert sorted(pairs["product_id"]) == [100, 101]
    assert set(pairs["retailer_id"]) == {3}
    assert sorted(_level(part, "product")["product_id"]) == [100, 101]
    assert len(_level(part, "category")) == 4
    whole = _level(result, "product_retailer")
    same = whole[(whole["product_id"] == 100) & (whole["retailer_id"] == 3)]["yhat"].iloc[0]
    assert pairs[pairs["product_id"] == 100]["yhat"].iloc[0] == pytest.approx(same, abs=1e-6)


def test_a_what_if_multiplies_every_level(small, result):
    doubled = pipeline.run(LocalBuckets(small), Plan(FIRST_DAY, CUTOFF, 30, changes=(Change(2.0),)))
    for level in LEVELS:
        twice, once = (np.stack(_level(each, level)["yhat"]).sum() for each in (doubled, result))
        assert twice == pytest.approx(2 * once)


def test_a_what_if_of_some_days_and_series_changes_them_alone_and_the_levels_agree(small, result):
    one = Change(1.5, date(2016, 7, 10), date(2016, 7, 12), (("product_id", 100), ("retailer_id", 3)))
    category = int(_level(result, "product").query("product_id == 100")["category_id"].iloc[0])
    changes = (one, Change(0.5, None, date(2016, 7, 5), (("category_id", category),)))
    found = pipeline.run(LocalBuckets(small, 3), Plan(FIRST_DAY, CUTOFF, 30, changes=changes))
    usual = np.stack(_level(result, "product_retailer")["yhat"])
    pairs = _level(found, "product_retailer")
    factors = np.ones_like(usual)
    factors[(pairs["category_id"] == category).to_numpy(), :2] = 0.5
    factors[((pairs["product_id"] == 100) & (pairs["retailer_id"] == 3)).to_numpy(), 6:9] *= 1.5
    assert np.stack(pairs["yhat"]) == pytest.approx(usual * factors)
    for level, keys in (("product", ["product_id"]), ("category", ["category_id"]), ("retailer", ["retailer_id"])):
        above = _level(found, level)
        for key, yhat in zip(above[keys[0]], above["yhat"], strict=True):
            parts = np.stack(pairs[pairs[keys[0]] == key]["yhat"])
            assert yhat == pytest.approx(parts.sum(axis=0))
    assert _level(found, "total")["yhat"].iloc[0] == pytest.approx(np.stack(pairs["yhat"]).sum(axis=0))


@pytest.mark.parametrize("horizon", [1, 7, 100])
def test_any_horizon(small, horizon):
    found = pipeline.run(LocalBuckets(small), Plan(FIRST_DAY, CUTOFF, horizon))
    assert {len(yhat) for yhat in found.series["yhat"]} == {horizon}
    assert found.series["total_7_p90"].notna().all() == (horizon >= 7)
    assert found.series["total_28_p90"].notna().all() == (horizon >= 28)


def test_a_short_history_is_forecast_without_backtests(small):
    early = small[small["day"] < 40]
    found = pipeline.run(LocalBuckets(early), Plan(FIRST_DAY, date(2015, 2, 10), 14))
    assert found.accuracy.empty
    assert set(_level(found, "product")["status"]) == {"new"}
    expected = early["quantity"].sum() / 40
    assert np.mean(_level(found, "total")["yhat"].iloc[0]) == pytest.approx(expected, rel=0.1)


def test_numbers_that_cannot_be_demand_are_named(plan):
    wrong = pd.DataFrame({
        "day": [9, 3], "category_id": 1, "product_id": 5, "retailer_id": 6, "quantity": [-4.0, -5.0],
    })  # fmt: skip
    (row,) = pipeline.failed_series(wrong, plan).to_dict("records")
    assert row["status"] == "failed"
    assert row["failure"].startswith("demand of -5 on 2015-01-04 is not between 0 and 1,000,000,000")


def test_it_finds_the_season_of_generated_demand(generated):
    before = generated[generated["day"] < 1000]
    found = pipeline.run(LocalBuckets(before), Plan(FIRST_DAY, date(2017, 9, 27), 28))
    product = found.accuracy[(found.accuracy["level"] == "product") & (found.accuracy["horizon_days"] == 28)]
    together = product[product["segment"] == "all"].groupby("model")["wape_total"].mean()
    assert together["champion"] < 0.9 * together["moving_mean"]
    assert together["champion"] < 0.9 * together["seasonal_naive"]
    assert "prophet_season" in set(_level(found, "product")["model"])


def _safe_level_by_expected_unit(before: float, after: float) -> float:
    """Return what has to be in stock for eleven days at 95 %, by the units expected, after a step 130 days ago."""
    random = np.random.default_rng(11)
    days, step = (CUTOFF - FIRST_DAY).days, (CUTOFF - FIRST_DAY).days - 130
    rate = np.where(np.arange(days) < step, before, after)
    rows = [
        pd.DataFrame({"day": np.arange(days), "category_id": 1, "product_id": product, "retailer_id": store,
                      "quantity": random.poisson(rate).astype(float)})
        for product in range(4) for store in range(3)
    ]  # fmt: skip
    demand = pd.concat(rows)
    found = pipeline.run(LocalBuckets(demand[demand["quantity"] > 0]), Plan(FIRST_DAY, CUTOFF, 30))
    pairs = _level(found, "product_retailer")
    expected = np.stack(pairs["yhat"])[:, :11].sum(axis=1)
    spread = demand_distribution.variance(
        expected, pairs["variance_ratio"].to_numpy(float), pairs["level_uncertainty"].to_numpy(float)
    )
    return float(demand_distribution.quantile(expected, spread, 0.95).sum() / expected.sum())


def test_a_backtest_over_a_step_of_the_level_moves_what_is_ordered_by_a_fifth_at_most():
    steady = _safe_level_by_expected_unit(3.0, 3.0)
    assert 1 < steady < 1.6
    assert _safe_level_by_expected_unit(15.0, 3.0) == pytest.approx(steady, rel=0.2)
