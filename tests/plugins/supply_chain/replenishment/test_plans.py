"""Plans in a real database: whole or not at all, every number beside what it follows from."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from scipy import stats

from supply_chain.replenishment import planning, runs
from supply_chain.replenishment.planning import plan
from supply_chain.replenishment.runs import ForecastEndsError, NoForecastError, ReplenishmentError
from tests.plugins.supply_chain.replenishment.conftest import HORIZON, all_powerful, read, write_forecast

pytestmark = pytest.mark.integration


def begin(settings, plan_id="plan", announced=None, **params):
    return runs.begin(settings, plan_id, params, triggered_by="test", announced_forecast=announced)


def make(settings, plan_id="plan", **params):
    begin(settings, plan_id, **params)
    return plan(settings, plan_id)


def lines_of(settings, columns, plan_id="plan"):
    query = f"SELECT {columns} FROM replenishment_plan WHERE plan_id = %s ORDER BY retailer_id, product_id"
    return read(settings, query, plan_id)


def test_every_pair_that_has_a_forecast_has_a_line(forecast):
    summary = make(forecast)
    (pairs,) = read(forecast, "SELECT count(*) FROM inventory")[0]
    assert pairs > 900
    assert summary.pairs_planned == pairs - 1
    assert summary.pairs_without_forecast == 1
    assert 0 < summary.pairs_to_order < summary.pairs_planned
    assert summary.stock_outs_7_days <= summary.stock_outs_28_days
    assert read(forecast, "SELECT count(*) FROM latest_replenishment_plan") == [(pairs - 1,)]
    status = read(
        forecast, "SELECT status, forecast_run_id, service_level, finished_at IS NULL FROM replenishment_runs"
    )
    assert status == [("complete", "baseline", 0.95, False)]


def test_every_line_follows_from_what_stands_beside_it(forecast):
    make(forecast)
    rows = lines_of(
        forecast,
        "quantity_on_hand, open_receipts, inventory_position, variance_ratio, level_uncertainty, lead_time_days,"
        " protection_days, protection_demand, protection_deviation, reorder_point, safety_stock, order_cycle_demand,"
        " order_up_to_level, suggested_quantity, suggested_value, unit_price, series_status",
    )
    for (
        on_hand, on_order, position, ratio, uncertainty, lead_time, protection, demand, deviation, reorder, safety,
        cycle, up_to, quantity, value, price, status,
    ) in rows:  # fmt: skip
        assert on_order == 0
        assert position == on_hand
        assert protection == lead_time + 7
        variance = ratio * demand + uncertainty * demand**2
        assert deviation == pytest.approx(variance**0.5)
        expected = stats.nbinom.ppf(0.95, demand**2 / (variance - demand), demand / variance) if demand else 0
        assert reorder == expected
        assert safety == pytest.approx(reorder - demand)
        assert cycle == pytest.approx(demand / protection * 7)
        assert up_to == pytest.approx(reorder + cycle)
        wanted = position <= reorder if status != "stopped" else position < 0
        assert quantity == pytest.approx(up_to - position if wanted else 0, abs=1)
        assert quantity >= (up_to - position - 1e-6 if wanted else 0)
        assert value == quantity * price


def test_lines_hold_what_the_stock_was(forecast):
    make(forecast)
    same = (
        "SELECT count(*), count(*) FILTER (WHERE (line.quantity_on_hand, line.reorder_level, line.unit_price) ="
        " (stock.quantity_on_hand, stock.reorder_level, product.product_price)) FROM replenishment_plan AS line"
        " JOIN inventory AS stock USING (retailer_id, product_id) JOIN products AS product USING (product_id)"
    )
    planned, right = read(forecast, same)[0]
    assert planned == right > 900


def test_lead_times_are_those_of_the_order_lines(forecast):
    make(forecast)
    measured = (
        "SELECT line.lead_time_source, count(*), bool_and(abs(line.lead_time_mean - own.mean) < 1e-9), "
        "bool_and(line.lead_time_lines = own.lines) FROM replenishment_plan AS line JOIN (SELECT retailer_id,"
        " count(*) AS lines, avg(real_shipping_days)::float AS mean FROM order_lines WHERE order_status NOT IN"
        " ('CANCELED', 'SUSPECTED_FRAUD') GROUP BY retailer_id) AS own USING (retailer_id)"
        " WHERE line.lead_time_source = 'retailer' GROUP BY 1"
    )
    ((_, count, same_mean, same_lines),) = read(forecast, measured)
    assert count > 100
    assert same_mean
    assert same_lines


def test_classes_are_those_of_the_order_lines(forecast):
    make(forecast)
    weekly = (
        "WITH cutoff AS (SELECT cutoff AS day FROM forecast_runs), week AS (SELECT generate_series(0, 25) AS n), "
        "demand AS (SELECT retailer_id, product_id, (day - 1 - order_date::date) / 7 AS n, sum(quantity) AS quantity"
        " FROM order_lines, cutoff WHERE order_date::date >= day - 182 AND order_status NOT IN"
        " ('CANCELED', 'SUSPECTED_FRAUD') GROUP BY 1, 2, 3) "
        "SELECT count(*), bool_and(abs(line.weekly_variation - own.variation) < 1e-6) FROM replenishment_plan AS line"
        " JOIN (SELECT pair.retailer_id, pair.product_id, stddev_pop(coalesce(demand.quantity, 0))"
        " / avg(coalesce(demand.quantity, 0)) AS variation FROM (SELECT DISTINCT retailer_id, product_id FROM demand)"
        " AS pair CROSS JOIN week LEFT JOIN demand USING (retailer_id, product_id, n) GROUP BY 1, 2) AS own"
        " USING (retailer_id, product_id)"
    )
    count, same = read(forecast, weekly)[0]
    assert count > 100
    assert same
    value = (
        "SELECT abc_class, sum(forecast_value) / (SELECT sum(forecast_value) FROM replenishment_plan)"
        " FROM replenishment_plan GROUP BY 1"
    )
    shares = {name: float(share) for name, share in read(forecast, value)}
    assert shares["A"] == pytest.approx(0.8, abs=0.01)
    assert shares["B"] == pytest.approx(0.15, abs=0.01)


def test_the_projection_has_a_row_per_day(forecast):
    make(forecast)
    ((count, first, last),) = read(forecast, "SELECT count(*), min(ds), max(ds) FROM projected_stock")
    ((planned, cutoff),) = read(forecast, "SELECT pairs_planned, plan_day FROM replenishment_runs")
    assert (count, first, last) == (planned * HORIZON, cutoff, cutoff + timedelta(days=HORIZON - 1))
    out = read(
        forecast,
        "SELECT count(*), bool_and(line.stock_out_p90 = first.ds) FROM replenishment_plan AS line JOIN (SELECT"
        " retailer_id, product_id, min(ds) AS ds FROM projected_stock WHERE projected_stock_p90 < 0 GROUP BY 1, 2)"
        " AS first USING (retailer_id, product_id)",
    )
    assert out[0][0] > 100
    assert out[0][1]


def test_what_is_owed_is_ordered_though_it_no_longer_sells_or_has_no_forecast(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET opening_quantity = 0, sold_quantity = sold_quantity + 5")
        cursor.execute(
            "DELETE FROM forecast_series WHERE (retailer_id, product_id) = (SELECT retailer_id, product_id"
            " FROM inventory ORDER BY 1 DESC, 2 DESC LIMIT 1)"
        )
    make(forecast)
    lines = read(forecast, "SELECT series_status, quantity_on_hand, suggested_quantity FROM replenishment_plan WHERE"
                           " series_status NOT IN ('ok', 'new') ORDER BY 1")  # fmt: skip
    assert [status for status, _, _ in lines] == ["failed", "none", "stopped"]
    for _, on_hand, quantity in lines:
        assert on_hand < 0
        assert quantity == -on_hand
    selling = (
        "SELECT bool_and(suggested_quantity >= -quantity_on_hand), max(suggested_quantity + quantity_on_hand) > 5"
        " FROM replenishment_plan WHERE series_status = 'ok'"
    )
    assert read(forecast, selling) == [(True, True)]


def test_without_a_backorder_a_pair_without_a_forecast_is_not_planned(forecast):
    make(forecast)
    assert read(forecast, "SELECT count(*) FROM replenishment_plan WHERE series_status = 'failed'") == [(0,)]


def test_a_forecast_of_a_part_plans_nothing_else(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET opening_quantity = 0, sold_quantity = sold_quantity + 5")
        cursor.execute("DELETE FROM forecast_series WHERE product_id <> (SELECT min(product_id) FROM inventory)")
        cursor.execute("UPDATE forecast_runs SET is_baseline = false, parameters = jsonb_set(parameters,"
                       " '{product_ids}', (SELECT jsonb_build_array(min(product_id)) FROM inventory))")  # fmt: skip
    make(forecast, forecast_run_id="baseline")
    assert read(forecast, "SELECT count(DISTINCT product_id) FROM replenishment_plan") == [(1,)]


def test_what_is_out_of_stock_does_not_count_as_running_out(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET opening_quantity = sold_quantity WHERE product_id % 2 = 0")
    summary = make(forecast)
    ((out, soon),) = read(
        forecast,
        "SELECT count(*) FILTER (WHERE quantity_on_hand <= 0), count(*) FILTER (WHERE quantity_on_hand > 0 AND"
        " stock_out_p50 < plan_day + 7) FROM latest_replenishment_plan",
    )
    assert summary.pairs_out_of_stock == out > 300
    assert summary.stock_outs_7_days == soon > 0


def test_days_that_have_passed_since_the_forecast_are_left_out(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET cutoff = cutoff - 11")
    summary = make(forecast)
    ((cutoff, last),) = read(
        forecast, "SELECT cutoff, (SELECT max(order_date)::date FROM order_lines) FROM forecast_runs"
    )
    # The day after the last one that was received completely.
    assert summary.plan_day == last + timedelta(days=1) == cutoff + timedelta(days=11)
    assert lines_of(forecast, "DISTINCT cardinality(projected_stock), retailer_id, product_id")[0][0] == HORIZON - 11


def test_a_forecast_whose_days_have_all_passed_is_refused(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET cutoff = cutoff - 31")
    with pytest.raises(ForecastEndsError, match="run forecast_demand"):
        make(forecast)
    assert read(forecast, "SELECT status, failure LIKE '%%ends on%%' FROM replenishment_runs") == [("failed", True)]
    assert lines_of(forecast, "1") == []


def test_a_forecast_that_ends_within_the_protection_period_is_refused(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET cutoff = cutoff - %s", (HORIZON - 9,))
    with pytest.raises(
        ReplenishmentError, match=r"ends on 2018-02-09, and a plan of 2018-02-01 needs the demand up to"
    ):
        make(forecast)
    assert make(forecast, "second", lead_time_days=2).pairs_planned > 900


def test_a_failure_in_the_middle_leaves_nothing_and_can_be_tried_again(forecast, monkeypatch):
    begin(forecast)
    copy = planning._copy

    def copy_and_die(cursor, lines):
        copy(cursor, lines)
        raise OSError("the disk is gone")

    monkeypatch.setattr(planning, "_copy", copy_and_die)
    with pytest.raises(OSError, match="the disk is gone"):
        plan(forecast, "plan")
    assert lines_of(forecast, "1") == []
    assert read(forecast, "SELECT status, failure FROM replenishment_runs") == [("failed", "the disk is gone")]
    monkeypatch.undo()
    begin(forecast)
    assert plan(forecast, "plan").pairs_planned > 900
    assert read(forecast, "SELECT status, failure FROM replenishment_runs") == [("complete", None)]


def test_a_plan_that_is_made_stays(forecast):
    first = make(forecast)
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET sold_quantity = sold_quantity + 100")
    assert make(forecast, service_level=0.99) == first
    assert read(forecast, "SELECT service_level FROM replenishment_runs") == [(0.95,)]
    assert make(forecast, "another").pairs_to_order > first.pairs_to_order


def test_params_are_used_and_kept(forecast):
    make(forecast, service_level=0.99, lead_time_days=20, minimum_order=10, order_multiple=4, maximum_order=30)
    quantities = {quantity for (quantity,) in lines_of(forecast, "suggested_quantity")}
    assert quantities <= {0, 12, 16, 20, 24, 28}
    assert len(quantities) > 2
    assert set(lines_of(forecast, "lead_time_days, lead_time_source, lead_time_mean, extended_days")) == {
        (20, "param", None, 4)
    }
    ((level, parameters),) = read(forecast, "SELECT service_level, parameters FROM replenishment_runs")
    assert level == 0.99
    assert parameters["order_multiple"] == 4


def test_the_newest_forecast_of_everything_is_taken(forecast):
    write_forecast(forecast, "what-if", baseline=False)
    write_forecast(forecast, "unfinished", status="running")
    assert begin(forecast).forecast_run_id == "baseline"
    write_forecast(forecast, "newer")
    assert begin(forecast, "second").forecast_run_id == "newer"
    assert begin(forecast, "third", announced="baseline").forecast_run_id == "baseline"
    assert begin(forecast, "fourth", announced="unfinished").forecast_run_id == "newer"
    assert begin(forecast, "fifth", announced="baseline", forecast_run_id="what-if").forecast_run_id == "what-if"


def test_the_latest_plan_is_that_of_a_baseline(forecast):
    write_forecast(forecast, "what-if", baseline=False)
    make(forecast, "real")
    make(forecast, "dream", forecast_run_id="what-if")
    assert read(forecast, "SELECT DISTINCT plan_id FROM latest_replenishment_plan") == [("real",)]


def test_a_what_if_differs_from_the_plan_it_is_compared_with_by_demand_alone(forecast):
    """However much is sold and received between the two plans."""
    write_forecast(forecast, "same", baseline=False)
    make(forecast, "real", simulate_receipts=True, lead_time_days=0)
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET sold_quantity = sold_quantity + 7")
        cursor.execute("UPDATE replenishment_plan SET received_at = now() WHERE receipt_day IS NOT NULL")
    make(forecast, "what-if", forecast_run_id="same", lead_time_days=0)
    assert read(forecast, "SELECT plan_id, compared_plan_id FROM replenishment_runs ORDER BY plan_id") == [
        ("real", None), ("what-if", "real"),
    ]  # fmt: skip
    columns = "quantity_on_hand, open_receipts, suggested_quantity, stock_out_p50"
    assert lines_of(forecast, columns, "what-if") == lines_of(forecast, columns, "real")
    difference = "SELECT order_units_difference, order_value_difference, stock_outs_difference FROM dashboards.what_ifs"
    assert read(forecast, difference) == [(0, 0, 0), (0, 0, 0)]


def test_a_what_if_is_planned_at_once_and_no_other_forecast(forecast):
    assert planning.plan_what_if(forecast, "baseline") is None
    write_forecast(forecast, "dream", baseline=False)
    with all_powerful(forecast) as cursor:
        cursor.execute(
            "UPDATE forecast_runs SET parameters = parameters || jsonb_build_object('scenario', run_id)"
            " WHERE run_id = 'dream'"
        )
    assert planning.plan_what_if(forecast, "dream").pairs_planned > 900
    assert read(forecast, "SELECT plan_id, status FROM replenishment_runs") == [("what-if dream", "complete")]
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET cutoff = '2017-05-01' WHERE run_id = 'dream'")
        cursor.execute("DELETE FROM replenishment_runs")
    with pytest.raises(ForecastEndsError):
        planning.plan_what_if(forecast, "dream")


def test_what_ifs_stand_beside_the_baseline_in_units_and_money(forecast):
    real = make(forecast, "real")
    write_forecast(forecast, "more", baseline=False)
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET scenario = 'more', demand_in_words = '+50 %' WHERE run_id = 'more'")
        cursor.execute(
            "UPDATE forecast_series SET yhat = (SELECT array_agg(1.5 * day) FROM unnest(yhat) AS day)"
            " WHERE run_id = 'more' AND status <> 'failed'"
        )
    more = make(forecast, "dream", forecast_run_id="more", service_level=98)
    rows = read(
        forecast,
        "SELECT scenario, demand, service_level, order_units, order_value, order_value_difference, units_difference"
        " FROM dashboards.what_ifs ORDER BY is_baseline DESC",
    )
    assert [row[:3] for row in rows] == [("baseline", "as forecast", 0.95), ("more", "+50 %", 0.98)]
    assert [row[3:5] for row in rows] == [
        (plan.suggested_units, plan.suggested_value) for plan in (real, more)
    ]  # fmt: skip
    assert rows[1][5] == more.suggested_value - real.suggested_value > 0
    ((expected,),) = read(forecast, "SELECT sum(forecast_demand) FROM replenishment_plan WHERE plan_id = 'real'")
    assert float(rows[1][6]) == pytest.approx(expected / 2, rel=1e-4)
    assert read(forecast, "SELECT DISTINCT plan_id FROM dashboards.stock WHERE plan_id IS NOT NULL") == [("real",)]


def test_each_row_of_what_to_order_says_enough_to_compute_it_again(forecast):
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE inventory SET opening_quantity = 0, sold_quantity = sold_quantity + 5")
        cursor.execute("UPDATE inventory SET opening_quantity = sold_quantity + 9 WHERE retailer_id % 2 = 0")
    make(forecast, order_multiple=6, minimum_order=12, maximum_order=120)
    rows = read(
        forecast,
        "SELECT why, suggested_quantity, quantity_on_hand, order_up_to_level, suggested_value, unit_price,"
        " series_status, stock_status, days_to_stock_out FROM dashboards.to_order WHERE suggested_quantity > 0",
    )
    assert len(rows) > 200
    for why, quantity, on_hand, up_to, value, price, status, _, days in rows:
        owed = re.search(r"(\d+) owed to customers", why)
        have = -int(owed[1]) if owed else int(re.search(r"have (\d+)", why)[1])
        assert have == on_hand
        told = re.search(r"order up to (\d+)", why)
        assert (int(told[1]) if told else 0) == up_to
        assert "in packs of 6, at least 12, at most 120" in why
        assert quantity == min(max(-(-(up_to - have) // 6) * 6, 12), 120)
        assert value == quantity * price
        assert (days == 0) >= (on_hand <= 0)
        assert status in why or status == "sells"
    ((stopped,),) = read(forecast, "SELECT why FROM dashboards.to_order WHERE series_status = 'no longer sells'")
    assert re.match(r"no longer sells; \d+ owed to customers, in packs", stopped)


def test_a_stock_has_one_status_and_is_listed_where_something_is_to_be_done(forecast):
    make(forecast)
    rows = read(
        forecast,
        "SELECT stock_status, min(quantity_on_hand), max(quantity_on_hand),"
        " bool_and(quantity_on_hand <= reorder_point), bool_or(will_run_out), max(days_to_stock_out)"
        " FROM dashboards.stock WHERE plan_id IS NOT NULL GROUP BY 1",
    )
    found = {status: rest for status, *rest in rows}
    assert found["Understocked"][0] > 0
    assert found["Understocked"][2]
    assert found["Overstocked"][0] > 0
    assert set(found) <= {"Backorder", "Out of stock", "Understocked", "As planned", "Overstocked"}
    for status in {"Backorder", "Out of stock"} & set(found):
        assert not found[status][3]
        assert found[status][4] == 0
    missing = read(
        forecast,
        "SELECT count(*) FROM dashboards.stock AS stock LEFT JOIN dashboards.to_order AS line USING (retailer_id,"
        " product_id) WHERE line.product_id IS NULL AND (stock.suggested_quantity > 0 OR stock.quantity_on_hand < 0)",
    )
    assert missing == [(0,)]
    far = "SELECT count(*) FROM dashboards.stock WHERE quantity_on_hand > 0 AND stock_out_p50 IS NULL"
    assert read(forecast, f"{far} AND days_to_stock_out IS NOT NULL") == [(0,)]
    assert read(forecast, far)[0][0] > 0


def test_no_forecast_says_so(counted):
    write_forecast(counted, "what-if", baseline=False)
    with pytest.raises(NoForecastError, match="trigger forecast_demand"):
        begin(counted)


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"forecast_run_id": "unknown"}, "forecast_run_id: unknown"),
        ({"forecast_run_id": "what-if", "simulate_receipts": True}, "simulate_receipts: forecast what-if"),
        ({"service_level": 1}, r"\(service_level\): 1 is 100 %"),
        ({"review_period_days": 0}, r"\(review_period_days\): 0"),
        ({"lead_time_days": "soon"}, r"\(lead_time_days\): 'soon'"),
        ({"maximum_order": 5, "order_multiple": 6}, "maximum_order: 5"),
        ({"lead_time": 3}, "lead_time: there is no such parameter"),
    ],
)
def test_params_at_fault_are_named(forecast, params, named):
    write_forecast(forecast, "what-if", baseline=False)
    with pytest.raises(ReplenishmentError, match=named):
        begin(forecast, **params)
    assert read(forecast, "SELECT * FROM replenishment_runs") == []


def test_a_forecast_that_begins_again_meanwhile_is_not_planned_by(forecast):
    begin(forecast)
    with all_powerful(forecast) as cursor:
        cursor.execute("UPDATE forecast_runs SET status = 'running'")
    with pytest.raises(ReplenishmentError, match="baseline is running"):
        plan(forecast, "plan")


def test_another_source_takes_forecasts_and_plans_with_it(forecast, tmp_path):
    from supply_chain.orders.generator import write_orders
    from supply_chain.seed import seed

    make(forecast, simulate_receipts=True)
    with all_powerful(forecast) as cursor:
        cursor.execute("INSERT INTO stream_control (desired_state, changed_by) VALUES ('stopped', 'test')")
    other = tmp_path / "other.csv"
    write_orders(other, orders=200, seed=8)
    seed(forecast.model_copy(update={"dataset": other}), replace=True)
    for table in ("forecast_runs", "forecast_series", "replenishment_runs", "replenishment_plan"):
        assert read(forecast, f"SELECT * FROM {table}") == []


def test_clearing_the_streams_tables_leaves_plans(forecast):
    from supply_chain.database import statement

    make(forecast)
    planned = lines_of(forecast, "suggested_quantity, receipt_day")
    with all_powerful(forecast) as cursor:
        cursor.execute(statement("stream/clear_tables"))
    assert lines_of(forecast, "suggested_quantity, receipt_day") == planned
