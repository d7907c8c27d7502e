"""Forecasts and plans on the running platform: by the demo, by REST, form, command line and backfill."""

from __future__ import annotations

import json

import pytest

from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

FORECAST_SECONDS = 300
SEVERAL_SECONDS = 900


def _run(platform, where):
    """Return status, cutoff, days and parameters of the one run that fits."""
    found = platform.query(
        f"SELECT run_id, status, cutoff::text, horizon_days, parameters FROM forecast_runs WHERE {where}"
    )
    assert len(found) == 1, found
    return found[0]


def test_the_demo_forecast_every_series_at_levels_that_agree(platform):
    first = "SELECT min(run_id) FROM forecast_runs WHERE is_baseline AND run_id LIKE 'manual%'"
    run_id, status, _, days, parameters = _run(platform, f"run_id = ({first})")
    assert (status, days, parameters["product_ids"]) == ("complete", 70, [])
    series = dict(platform.query(f"SELECT level, count(*) FROM forecast_series WHERE run_id = '{run_id}' GROUP BY 1"))
    ((sold,),) = platform.query(
        "SELECT count(DISTINCT (product_id, retailer_id)) FROM daily_aggregates"
        f" WHERE ds < (SELECT cutoff FROM forecast_runs WHERE run_id = '{run_id}')"
        " AND order_status NOT IN ('CANCELED', 'SUSPECTED_FRAUD')"
    )
    assert series["product_retailer"] == sold
    assert sold > 500
    sums = platform.query(
        f"SELECT level, sum(yhat) FROM demand_forecasts WHERE run_id = '{run_id}' GROUP BY level ORDER BY level"
    )
    assert [level for level, _ in sums] == ["category", "product", "product_retailer", "retailer", "total"]
    assert [total for _, total in sums] == pytest.approx([sums[0][1]] * 5, abs=1e-6)
    assert sums[0][1] > 1_000


def test_the_demo_planned_what_to_order(platform):
    # Its own plan: one that was made a day later may have nothing left to order.
    ((planned, ordered, whole),) = platform.query(
        "SELECT count(*), count(*) FILTER (WHERE suggested_quantity > 0), min(suggested_quantity)"
        " FROM replenishment_plan WHERE plan_id ="
        " (SELECT plan_id FROM replenishment_runs WHERE status = 'complete' ORDER BY finished_at LIMIT 1)"
    )
    assert planned > 500
    assert 0 < ordered < planned
    assert whole == 0


def test_a_worker_that_is_killed_does_not_keep_a_forecast_from_its_end(platform):
    params = {"product_ids": [], "forecast_duration": 45, "scenario": "worker lost", "demand_multiplier": 2}
    run_id = platform.airflow.trigger("forecast_demand", params)

    @eventually(120, every=0.3)
    def computes() -> None:
        ((total,),) = platform.query(f"SELECT max(series_total) FROM forecast_runs WHERE run_id = '{run_id}'")
        assert total

    computes()
    platform.kill("spark-worker")
    assert platform.query(f"SELECT count(*) FROM demand_forecasts WHERE run_id = '{run_id}'") == [(0,)]
    assert platform.end_of("forecast_demand", run_id, FORECAST_SECONDS) == "success"
    _, status, _, days, kept = _run(platform, "scenario = 'worker lost'")
    assert (status, days, kept["demand_multiplier"]) == ("complete", 45, 2)
    assert platform.is_healthy()


def test_form_command_line_and_backfill_produce_what_they_ask_for(platform, page_of):
    ((product, name, other, store),) = platform.query(
        "SELECT min(sold.product_id), (array_agg(trim(product_name) ORDER BY sold.product_id))[1],"
        " max(sold.product_id), min(sold.retailer_id)"
        " FROM daily_aggregates AS sold JOIN products USING (product_id) WHERE ds < '2015-06-01'"
    )
    conf = {"product_ids": [other], "retailer_ids": [store], "forecast_duration": 9, "scenario": "by command"}
    triggered = platform.airflow_command("dags", "trigger", "forecast_demand", "--conf", json.dumps(conf))
    assert triggered.returncode == 0, triggered.stdout + triggered.stderr
    known = {"product_ids": [other], "forecast_duration": 8, "scenario": "of the past"}
    backfill = platform.airflow_command(
        *("backfill", "create", "--dag-id", "forecast_demand", "--from-date", "2015-11-01", "--to-date", "2015-11-02"),
        *("--dag-run-conf", json.dumps(known)),
    )
    assert backfill.returncode == 0, backfill.stdout + backfill.stderr
    assert "warning" not in triggered.stderr + triggered.stdout + backfill.stderr + backfill.stdout

    page = page_of("admin")
    page.goto(f"{platform.settings.airflow_url}/dags/forecast_demand")
    page.get_by_role("button", name="Trigger").first.click()
    page.locator("#element_product_ids").click(timeout=30_000)
    page.keyboard.type(f"{name} ({product})")
    page.get_by_text(f"{name} ({product})", exact=True).last.click()
    page.locator("input[name=element_forecast_duration], #element_forecast_duration input").last.fill("7")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "dagRuns" in answer.url) as triggered:
        page.get_by_role("button", name="Trigger").last.click()
    assert triggered.value.ok
    # An open page asks for news all the time, which the forecasts would have to wait for.
    page.close()

    @eventually(SEVERAL_SECONDS, every=2)
    def all_complete() -> None:
        runs = platform.query("SELECT status FROM forecast_runs WHERE horizon_days IN (7, 8, 9)")
        assert runs == [("complete",)] * 4

    all_complete()
    run_id, _, _, _, by_form = _run(platform, "horizon_days = 7")
    assert by_form["product_ids"] == [product]
    assert platform.query(
        f"SELECT DISTINCT product_id FROM forecast_series WHERE run_id = '{run_id}' AND level LIKE 'product%'"
    ) == [(product,)]
    _, _, _, _, by_command = _run(platform, "horizon_days = 9")
    assert {key: by_command[key] for key in conf} == conf
    past = platform.query("SELECT cutoff::text, scenario FROM forecast_runs WHERE horizon_days = 8 ORDER BY 1")
    assert past == [("2015-11-01", "of the past"), ("2015-11-02", "of the past")]
    # Their first week has come long ago: the runs themselves, or the next, have judged them.
    judged = platform.query(
        "SELECT DISTINCT accuracy.cutoff::text FROM forecast_accuracy AS accuracy"
        " JOIN forecast_runs AS run USING (run_id) WHERE kind = 'live' AND run.horizon_days = 8 ORDER BY 1"
    )
    assert judged[0] == ("2015-11-01",)


def test_what_cannot_be_forecast_is_refused_by_name(platform):
    asked = {"product_ids": ["Smart wach"], "cutoff": "2031-01-01", "horizon": 3}
    run_id = platform.airflow.trigger("forecast_demand", asked)
    assert platform.end_of("forecast_demand", run_id) == "failed"
    (log,) = (platform.settings.state_dir / "log" / "airflow").glob(
        f"dag_id=forecast_demand/run_id={run_id}/task_id=check_params/attempt=1.log"
    )
    told = log.read_text()
    for problem in ("product_ids: 'Smart wach'", "cutoff: 2031-01-01 is outside of the data", "horizon: there is no"):
        assert problem in told
    assert platform.query(f"SELECT count(*) FROM forecast_runs WHERE run_id = '{run_id}'") == [(0,)]


def test_a_backfill_of_a_day_outside_of_the_data_is_refused(platform):
    day = "2026-01-01"
    done = platform.airflow_command(
        *("backfill", "create", "--dag-id", "forecast_demand", "--from-date", day, "--to-date", day)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run_id = f"backfill__{day}T00:00:00+00:00"
    assert platform.end_of("forecast_demand", run_id) == "failed"
    (log,) = (platform.settings.state_dir / "log" / "airflow").glob(
        f"dag_id=forecast_demand/run_id={run_id}/task_id=check_params/attempt=1.log"
    )
    assert f"cutoff: {day} is outside of the data" in log.read_text()
    assert platform.query(f"SELECT count(*) FROM forecast_runs WHERE run_id = '{run_id}'") == [(0,)]


def test_an_unknown_product_is_refused_in_the_shell(platform):
    """What the same command forecasts is tested with the commands of the README."""
    refused = platform.command("supply_chain.forecast_runs", "--products", "99999999")
    assert refused.returncode == 2
    assert "product_ids: '99999999'" in refused.stderr
