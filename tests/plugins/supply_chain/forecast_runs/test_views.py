"""What the dashboards show of forecasts: names, days without a sale, and how right forecasts were."""

from __future__ import annotations

from datetime import date

import pytest

pytestmark = pytest.mark.integration

HORIZON = 40
CUTOFF = date(2016, 11, 20)


@pytest.fixture
def begun(counted, execute):
    """Writes a complete forecast, of 2 units a day of each product and 1 of each pair."""

    def write(run_id: str, *, cutoff: date = CUTOFF, scenario: str = "baseline", baseline: bool = True) -> None:
        execute(
            "INSERT INTO forecast_runs (run_id, status, scenario, is_baseline, cutoff, horizon_days, parameters,"
            " triggered_by, finished_at) VALUES (%s, 'complete', %s, %s, %s, %s,"
            " '{\"excluded_statuses\": [\"CANCELED\"]}', 'test', '2026-11-27 18:54+00')",
            *(run_id, scenario, baseline, cutoff, HORIZON),
        )
        execute(
            "INSERT INTO forecast_series (run_id, level, product_id, retailer_id, status, model, yhat, p10, p50, p90)"
            " SELECT %s, CASE WHEN retailer_id IS NULL THEN 'product' ELSE 'product_retailer' END, product_id,"
            " retailer_id, 'ok', 'prophet_allocated', array_fill(CASE WHEN retailer_id IS NULL THEN 2.0 ELSE 1 END,"
            " ARRAY[%s])::float[], p, p, p FROM products,"
            " (SELECT retailer_id FROM retailers UNION ALL SELECT NULL) AS store,"
            " (SELECT array_fill(0, ARRAY[%s]) AS p) AS q",
            *(run_id, HORIZON, HORIZON),
        )

    return write


def test_forecasts_are_chosen_by_name_and_the_newest_stands_first(execute, begun):
    begun("first")
    begun("second")
    begun("dream", scenario="+20 %", baseline=False)
    begun("part", baseline=False)
    names = execute("SELECT forecast FROM dashboards.forecast_choices ORDER BY place")
    assert names[0] == ("Newest baseline",)
    assert sorted(name for (name,) in names[1:]) == [
        "+20 % from 2016-11-20, made 18:54 on 2026-11-27",
        "baseline from 2016-11-20, made 18:54 on 2026-11-27",
        "baseline from 2016-11-20, made 18:54 on 2026-11-27 (2)",
        "part of the baseline from 2016-11-20, made 18:54 on 2026-11-27",
    ]


def test_days_without_a_sale_are_zero_from_the_first_sale_to_the_last_complete_day(execute, begun):
    begun("first")
    execute("DELETE FROM daily_aggregates WHERE product_id = 1 AND retailer_id = 10 AND (ds < '2016-11-01'"
            " OR ds IN ('2016-11-05', '2016-12-01'))")  # fmt: skip
    days = execute(
        "SELECT ds, units FROM dashboards.demand WHERE forecast = 'Newest baseline' AND level = 'product_retailer'"
        " AND product_name = 'Smart watch' AND retailer = 'Caguas, PR' AND units IS NOT NULL ORDER BY ds"
    )
    # The horizon ends before the last complete day.
    assert (days[0], days[-1], len(days)) == ((date(2016, 11, 1), 1), (date(2016, 12, 29), 1), 59)
    assert [day.isoformat() for day, units in days if units == 0] == ["2016-11-05", "2016-12-01"]
    execute("DELETE FROM daily_aggregates WHERE ds >= '2016-12-24'")
    last = execute("SELECT level, max(ds) FROM dashboards.demand WHERE units IS NOT NULL GROUP BY level")
    # Of the last day, 23 December, lines may still be missing.
    assert {day.isoformat() for _, day in last} == {"2016-12-22"}
    assert len(last) == 5


def test_the_levels_of_demand_add_up_on_every_day(execute, begun):
    begun("first")
    execute("DELETE FROM daily_aggregates WHERE (extract(doy FROM ds) + product_id)::integer % 5 = 0")
    sums = execute(
        "SELECT ds, count(DISTINCT units) FROM (SELECT ds, level, sum(units) AS units FROM dashboards.demand"
        " WHERE forecast = 'Newest baseline' AND units IS NOT NULL GROUP BY ds, level) AS level GROUP BY ds"
    )
    assert len(sums) > 200
    assert {count for _, count in sums} == {1}


def test_the_last_28_complete_days_of_a_past_forecast_are_judged_by_product_and_store(execute, begun):
    begun("first")
    begun("newer", cutoff=date(2016, 12, 20))
    rows = execute(
        "SELECT level, level_name, product_id, retailer_id, forecast_units, actual_units, error, absolute_error,"
        " bias_share, judged_forecast, first_day, last_day FROM dashboards.worst_forecasts"
        " WHERE forecast = 'Newest baseline' ORDER BY level, absolute_error DESC, product_id, retailer_id"
    )
    assert len(rows) == 3 + 6
    assert {row[9:] for row in rows} == {
        ("baseline from 2016-11-20, made 18:54 on 2026-11-27", date(2016, 12, 2), date(2016, 12, 29)),
    }
    # Product 3 sells three units in each of two stores, and two were expected of it.
    assert rows[0][:8] == ("product", "product", 3, None, 56, 168, -112, 112)
    assert float(rows[0][8]) == pytest.approx(-2 / 3, abs=1e-3)
    assert rows[3][:8] == ("product_retailer", "product in store", 3, 10, 28, 84, -56, 56)


def test_accuracy_is_that_of_the_chosen_forecast_in_words(execute, begun):
    begun("first")
    begun("second", cutoff=date(2016, 12, 20))
    begun("dream", scenario="dream", baseline=False)
    for run_id, kind, level, model, reason in (
        ("first", "backtest", "total", "sum_of_parts", "the default"),
        ("first", "live", "product_retailer", "champion", None),
        ("second", "backtest", "product_retailer", "moving_mean", "12.0% better than prophet_allocated in 5 windows"),
        ("dream", "live", "total", "champion", None),
    ):
        execute(
            "INSERT INTO forecast_accuracy (run_id, kind, cutoff, level, segment, horizon_days, model, series,"
            " actual_demand, chosen, reason) VALUES (%s, %s, '2016-11-01', %s, 'all', 28, %s, 1, 1, true, %s)",
            *(run_id, kind, level, model, reason),
        )
    query = "SELECT kind, level, model, reason FROM dashboards.forecast_accuracy WHERE forecast LIKE %s ORDER BY 1"
    assert execute(query, "Newest baseline") == [
        (
            "backtest", "product in store", "mean of the last half year",
            "12.0% better than product forecast shared among stores in 5 windows",
        ),
        ("what came", "product in store", "chosen models together", None),
    ]  # fmt: skip
    assert [row[:2] for row in execute(query, "dream%")] == [
        ("what came", "product in store"), ("what came", "everything"),
    ]  # fmt: skip
