from __future__ import annotations

from datetime import date

import pytest

from supply_chain.forecast_runs import report, runs
from supply_chain.forecast_runs.parameters import ForecastParameters
from supply_chain.forecast_runs.runs import ForecastError

pytestmark = pytest.mark.integration

CUTOFF = date(2016, 5, 1)
SUMMARY = {"seconds_by_stage": {"read": 1.5}, "code_version": "abc", "spark_application": "app"}
ERRORS = dict.fromkeys(
    ["wape_daily", "bias", "rmsse", "pinball_10", "pinball_50", "pinball_90", "coverage_80", "skill"]
)
ACCURACY = {
    **ERRORS, "kind": "backtest", "cutoff": date(2016, 4, 3), "level": "total", "segment": "all", "horizon_days": 28,
    "model": "prophet_level", "series": 1, "actual_demand": 10.0, "wape_total": 0.25, "chosen": True, "reason": "best",
}  # fmt: skip


def _begin(settings, run_id="a", **parameters):
    runs.begin(settings, run_id, ForecastParameters(**parameters), CUTOFF, triggered_by="a test")


def _stage(execute, run_id, attempt, yhat):
    execute(
        "INSERT INTO forecast_staging.series (run_id, attempt, level, status, model, yhat, p10, p50, p90)"
        " VALUES (%s, %s, 'total', 'ok', 'prophet_level', %s, '{0,0}', '{1,1}', '{9,9}')",
        run_id,
        attempt,
        yhat,
    )


def test_what_was_asked_for_is_kept_whole(counted):
    _begin(counted, product_ids=[3], scenario="campaign", demand_multiplier=1.25, start_date="2016-02-01")
    run = runs.load(counted, "a")
    assert run.cutoff == run.parameters.cutoff == CUTOFF
    assert run.parameters.product_ids == [3]
    assert run.parameters.demand_multiplier == 1.25
    assert run.parameters.start_date == date(2016, 2, 1)
    assert run.status == "running"


def test_only_the_attempt_that_publishes_is_seen_and_only_when_complete(counted, execute):
    _begin(counted)
    _stage(execute, "a", "lost", [7.0, 7.0])
    _stage(execute, "a", "good", [1.0, 2.0])
    assert execute("SELECT count(*) FROM demand_forecasts") == [(0,)]
    runs.publish(counted, "a", "good", [ACCURACY], SUMMARY)
    days = execute("SELECT ds, yhat, p90 FROM demand_forecasts ORDER BY ds")
    assert days == [(date(2016, 5, 1), 1.0, 9), (date(2016, 5, 2), 2.0, 9)]
    assert execute("SELECT count(*) FROM forecast_staging.series") == [(0,)]
    now = report.state(counted, "a")
    assert (now.status, now.series_done, now.seconds_by_stage) == ("complete", 1, {"read": 1.5})
    told = list(report.lines(counted, "a"))
    assert any("prophet_level" in line and "3 units" in line for line in told)
    assert any(line.endswith("best") for line in told)


def test_an_attempt_that_staged_nothing_publishes_nothing(counted):
    _begin(counted)
    with pytest.raises(ForecastError, match="attempt lost has staged nothing"):
        runs.publish(counted, "a", "lost", [ACCURACY], SUMMARY)
    assert report.state(counted, "a").status == "running"


def test_a_run_that_begins_again_forgets_what_it_published(counted, execute):
    _begin(counted)
    _stage(execute, "a", "one", [1.0, 2.0])
    runs.publish(counted, "a", "one", [ACCURACY], SUMMARY)
    _begin(counted, forecast_duration=60)
    assert report.state(counted, "a").status == "running"
    assert execute("SELECT count(*) FROM forecast_series") == [(0,)]
    assert execute("SELECT count(*) FROM forecast_accuracy") == [(0,)]
    _stage(execute, "a", "two", [3.0, 4.0])
    runs.publish(counted, "a", "two", [ACCURACY], SUMMARY)
    assert execute("SELECT sum(yhat) FROM demand_forecasts") == [(7.0,)]


def test_failure_is_written_down_unless_the_run_is_complete(counted, execute):
    _begin(counted)
    runs.report_progress(counted, "a", done=3, total=10)
    runs.fail(counted, "a", "the worker is gone")
    now = report.state(counted, "a")
    assert (now.status, now.failure, now.series_done, now.series_total) == ("failed", "the worker is gone", 3, 10)
    with pytest.raises(ForecastError, match="a is failed"):
        list(report.lines(counted, "a"))
    _begin(counted)
    _stage(execute, "a", "one", [1.0, 2.0])
    runs.publish(counted, "a", "one", [], SUMMARY)
    runs.fail(counted, "a", "too late")
    assert report.state(counted, "a").status == "complete"


def test_planning_goes_by_the_newest_forecast_of_everything(counted, execute):
    for run_id, cutoff, parameters in (
        ("old", date(2016, 4, 1), {}), ("new", date(2016, 6, 1), {}), ("part", date(2016, 7, 1), {"product_ids": [1]}),
    ):  # fmt: skip
        runs.begin(counted, run_id, ForecastParameters(**parameters), cutoff, triggered_by="a test")
        _stage(execute, run_id, "one", [1.0, 2.0])
        runs.publish(counted, run_id, "one", [], SUMMARY)
    assert [report.is_newest_baseline(counted, run_id) for run_id in ("old", "new", "part", "none")] == [
        False, True, False, False,
    ]  # fmt: skip


def test_a_run_that_nobody_asked_for(counted):
    with pytest.raises(ForecastError, match="forecast_runs has no run nobody"):
        runs.load(counted, "nobody")
    assert report.state(counted, "nobody") is None
