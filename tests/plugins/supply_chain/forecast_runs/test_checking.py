from __future__ import annotations

from datetime import date

import pytest

from supply_chain.forecast_runs import checking
from supply_chain.orders.event import OrderStatus

pytestmark = pytest.mark.integration

AFTER = date(2016, 12, 31)


def _refused(settings, **asked):
    with pytest.raises(checking.RefusedError) as refused:
        checking.check(settings, asked, logical_date=None)
    return refused.value.problems


def test_nothing_asked_for_is_everything_from_the_day_that_is_not_complete(counted):
    parameters, cutoff = checking.check(counted, {}, logical_date=None)
    assert cutoff == AFTER
    assert parameters.is_baseline
    assert parameters.excluded_statuses == ["CANCELED", "SUSPECTED_FRAUD"]


def test_a_logical_date_inside_of_the_data_is_the_cutoff(counted):
    assert checking.check(counted, {}, logical_date=date(2016, 5, 1))[1] == date(2016, 5, 1)
    assert checking.check(counted, {}, logical_date=date(2026, 5, 1))[1] == AFTER
    assert checking.check(counted, {}, logical_date=date(2010, 5, 1))[1] == AFTER
    given = {"cutoff": "2016-06-01"}
    assert checking.check(counted, given, logical_date=date(2016, 5, 1))[1] == date(2016, 6, 1)
    ended = {"end_date": "2016-06-30"}
    assert checking.check(counted, ended, logical_date=date(2016, 5, 1))[1] == date(2016, 7, 1)


def test_the_partition_that_is_behind_decides_what_is_complete(counted, execute):
    for partition, newest in ((0, "2016-12-30 10:00+00"), (1, "2016-12-28 23:00+00")):
        execute(
            "INSERT INTO recent_orders VALUES (%s, 1, 1, now(), 1, 1, %s, 1, 10, 1, 1, 1, 'C', 'D', 'S', 'M', 'X')",
            partition,
            newest,
        )
    assert checking.extent(counted).complete_until == date(2016, 12, 28)


def test_after_the_last_line_the_last_day_is_complete(counted, execute):
    ((lines,),) = execute("SELECT sum(order_lines) FROM daily_aggregates")
    sent = "INSERT INTO kafka_sent VALUES ('orders', 'c', %s, %s, now(), %s, 1)"
    execute(sent, lines + 1, lines + 1, "finished")
    assert checking.extent(counted).complete_until == AFTER
    execute("UPDATE kafka_sent SET lines_acknowledged = %s", lines)
    assert checking.extent(counted).complete_until == date(2017, 1, 1)
    execute("UPDATE kafka_sent SET state = 'live'")
    assert checking.extent(counted).complete_until == AFTER


def test_ids_names_and_digits_are_taken(counted):
    asked = {"product_ids": ["smart watch", 2, "3"], "retailer_ids": ["Caguas, PR, Puerto Rico"]}
    parameters, _ = checking.check(counted, asked, logical_date=None)
    assert parameters.product_ids == [1, 2, 3]
    assert parameters.retailer_ids == [10]
    assert not parameters.is_baseline


def test_none_is_as_good_as_left_out(counted):
    asked = {"product_ids": None, "excluded_statuses": None, "cutoff": None, "scenario": None}
    assert checking.check(counted, asked, logical_date=None) == checking.check(counted, {}, logical_date=None)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"horizon": 3}, "horizon: there is no such parameter; there are cutoff, demand_changes, demand_mult"),
        ({"product_ids": ["Smart wach"]}, "product_ids: 'Smart wach' is not in the table products; near: Smart"),
        ({"product_ids": ["Tent"]}, "product_ids: 'Tent' is the name of [2, 3]: give the id that is meant"),
        ({"retailer_ids": [99]}, "retailer_ids: '99' is not in the table retailers; `make psql` shows"),
        ({"forecast_duration": 0}, "(forecast_duration): 0 should be greater than or equal to 1"),
        ({"forecast_duration": 366}, "(forecast_duration): 366 should be less than or equal to 365"),
        ({"service_level": 1}, "(service_level): 1 is 100 %, and has to be 50 to less than 100 %"),
        ({"demand_multiplier": 0}, "(demand_multiplier): 0 should be greater than 0"),
        ({"scenario": "x" * 65}, f"(scenario): {'x' * 65!r} String should have at most 64"),
        ({"demand_changes": [{"percent": 20, "factor": 2}]}, "give either factor"),
        ({"demand_changes": [{"percent": 20, "product": "Smart"}]}, "demand_changes, entry 1, product: 'Smart' is not"),
        ({"demand_changes": [{"percent": 20, "category": "Outdor"}]}, "demand_changes, entry 1, category: 'Outdor' is"),
        ({"demand_changes": [{"percent": 20, "to": "2016-12-30"}]}, "entry 1: +20 % to 2016-12-30: none"),
        ({"start_date": "someday"}, "(start_date): 'someday' should be a valid date"),
        ({"excluded_statuses": ["LOST"]}, "(excluded_statuses): 'LOST' should be 'CANCELED', 'CLOSED'"),
        ({"excluded_statuses": list(OrderStatus)}, "excluded_statuses: all of them leave no demand"),
        ({"cutoff": "2017-01-02"}, "cutoff: 2017-01-02 is outside of the data, which has 2016-01-01 to 2016-12-31"),
        ({"cutoff": "2016-01-01"}, "cutoff: 2016-01-01 is outside of the data"),
        ({"end_date": "2019-01-01"}, "end_date: 2019-01-01 is outside of the data"),
        ({"start_date": "2016-09-01", "end_date": "2016-08-01"}, "start_date: 2016-09-01 is after end_date"),
        ({"start_date": "2016-09-01", "cutoff": "2016-09-01"}, "start_date: 2016-09-01 is after the last day before"),
        ({"end_date": "2016-08-01", "cutoff": "2016-09-01"}, "end_date: 2016-08-01 is not the day before the cutoff"),
        ({"cutoff": "2016-01-02"}, "start_date, cutoff: no demand from 2016-01-01 until 2016-01-02 without CANCELED"),
    ],
)  # fmt: skip
def test_what_is_refused_is_named(counted, asked, told):
    (problem,) = _refused(counted, **asked)
    assert told in problem


@pytest.mark.parametrize("level", [0.98, 98, "98 %", "0,98"])
def test_a_service_level_is_a_share_or_percent(counted, level):
    parameters, _ = checking.check(counted, {"service_level": level}, logical_date=None)
    assert parameters.service_level == 0.98
    assert parameters.scenario == "98 % service"
    assert not parameters.is_baseline


def test_a_what_if_has_ids_in_the_place_of_names_and_a_name(counted):
    change = {
        "from": "2017-01-02",
        "to": "2017-01-05",
        "percent": 20,
        "category": "outdoor",
        "store": "Ponce, PR, Puerto Rico",
    }
    parameters, cutoff = checking.check(counted, {"demand_changes": [change]}, logical_date=None)
    assert cutoff == AFTER
    (found,) = parameters.demand_changes
    assert (found.multiplier, found.category, found.store) == (1.2, "Outdoor", 11)
    assert parameters.scenario == "+20 % from 2017-01-02 to 2017-01-05 for Outdoor, Ponce, PR, Pue…"
    kept = type(parameters).model_validate_json(parameters.model_dump_json())
    assert kept == parameters
    named, _ = checking.check(counted, {"scenario": "+20 %; campaign!", "demand_multiplier": 1.2}, logical_date=None)
    assert named.scenario == "+20 %; campaign!"
    assert named.demand_in_words == "+20 %"


def test_a_what_if_starts_on_the_day_of_the_newest_baseline(counted, execute):
    execute(
        "INSERT INTO forecast_runs (run_id, status, scenario, is_baseline, cutoff, horizon_days, parameters,"
        " triggered_by) VALUES ('a', 'complete', 'baseline', true, '2016-10-01', 70, '{}', 'test')"
    )
    assert checking.check(counted, {"demand_multiplier": 2}, logical_date=None)[1] == date(2016, 10, 1)
    assert checking.check(counted, {}, logical_date=None)[1] == AFTER
    asked = {"demand_multiplier": 2, "cutoff": "2016-11-01"}
    assert checking.check(counted, asked, logical_date=None)[1] == date(2016, 11, 1)


def test_every_problem_is_told_at_once(counted):
    problems = _refused(counted, product_ids=[77, 78], forecast_duration=-1, nothing=1)
    assert [problem.split(":")[0] for problem in problems] == [
        "nothing", "product_ids", "product_ids", "Length of the forecast (days) (forecast_duration)",
    ]  # fmt: skip


def test_without_orders_there_is_nothing_to_check(database):
    with pytest.raises(checking.NoHistoryError, match="run seed_database, and order_stream"):
        checking.check(database, {}, logical_date=None)
