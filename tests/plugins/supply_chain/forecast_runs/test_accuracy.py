"""Past forecasts are judged in SQL, backtests in Python: by the same definitions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasting import metrics
from forecasting.metrics import Errors, Quantiles, Window
from forecasting.stages import quantiles
from supply_chain.forecast_runs import accuracy, runs
from supply_chain.forecast_runs.parameters import ForecastParameters

pytestmark = pytest.mark.integration

CUTOFF = date(2016, 11, 1)
METRICS = list(Errors().metrics())


@pytest.fixture
def forecast(counted, execute):
    """A complete forecast of the six pairs, their two stores and the total: made up, and kept for the test."""
    random = np.random.default_rng(6)
    execute("DELETE FROM daily_aggregates WHERE ds >= %s AND (extract(day FROM ds)::int + product_id) %% 3 = 0", CUTOFF)
    runs.begin(counted, "a", ForecastParameters(), CUTOFF, triggered_by="a test")
    keys = [(1, product, store) for store in (10, 11) for product in (1, 2, 3)]
    keys += [(0, None, 10), (0, None, 11), (2, None, None)]
    levels = {1: "product_retailer", 0: "retailer", 2: "total"}
    yhat = random.gamma(2.0, 1.0, (9, 30))
    ratio, unknown = np.full(9, 1.4), np.full(9, 0.1)
    bands = {days: quantiles(yhat[:, :days], ratio, unknown) for days in (7, 28, 30)}
    naive, mean, scale = random.poisson(2.0, (9, 7)).astype(float), random.random(9) * 3, random.random(9) + 0.5
    scale[0] = 0
    for row, (level, product, store) in enumerate(keys):
        daily = [bands[30].daily[p, row].astype(int).tolist() for p in range(3)]
        execute(
            "INSERT INTO forecast_staging.series (run_id, attempt, level, category_id, product_id, retailer_id, status,"
            " segment, model, yhat, p10, p50, p90, total_7_p10, total_7_p90, total_28_p10, total_28_p90,"
            " seasonal_naive, moving_mean, rmsse_scale)"
            " VALUES ('a', 'one', %s, %s, %s, %s, 'ok', %s, 'prophet', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            levels[level],
            7 if product else None,
            product,
            store,
            "smooth" if row % 2 else "lumpy",
            yhat[row].tolist(),
            *daily,
            *(int(each[row]) for days in (7, 28) for each in (bands[days].lower, bands[days].upper)),
            naive[row].tolist(),
            float(mean[row]),
            float(scale[row]),
        )
    runs.publish(counted, "a", "one", [], {"seconds_by_stage": {}, "code_version": "", "spark_application": ""})
    return {
        "settings": counted,
        "yhat": yhat,
        "bands": bands,
        "naive": naive,
        "mean": mean,
        "scale": scale,
        "keys": keys,
    }


def _expected(forecast, execute, rows, days):
    """The metrics of some series, as the backtests compute them."""
    sold = np.zeros((9, days))
    for ds, product, store, quantity in execute(
        "SELECT ds, product_id, retailer_id, total_item_quantity FROM daily_aggregates"
        " WHERE ds >= %s AND ds < %s + %s AND order_status <> 'CANCELED'",
        CUTOFF,
        CUTOFF,
        days,
    ):
        for row, (_, of, at) in enumerate(forecast["keys"]):
            if of in (product, None) and at in (store, None):
                sold[row, (ds - CUTOFF).days] += quantity
    naive = np.tile(forecast["naive"], (1, 4))[:, :days]
    band = forecast["bands"][days]
    window = Window(sold[rows], forecast["scale"][rows], naive[rows], forecast["mean"][rows])
    chosen = Quantiles(forecast["bands"][30].daily[:, rows, :days], band.lower[rows], band.upper[rows])
    return metrics.errors(window, forecast["yhat"][rows, :days], chosen).metrics()


@pytest.mark.parametrize("days", [7, 28])
@pytest.mark.parametrize(
    ("of", "rows"),
    [
        (("product_retailer", "all"), [0, 1, 2, 3, 4, 5]),
        (("product_retailer", "smooth"), [1, 3, 5]),
        (("product_retailer", "lumpy"), [0, 2, 4]),
        (("retailer", "all"), [6, 7]),
        (("total", "all"), [8]),
    ],
)
def test_sql_and_python_agree(execute, forecast, of, rows, days):
    assert accuracy.score_past(forecast["settings"], lambda text: None) == 2
    (found,) = execute(
        f"SELECT {', '.join(METRICS)} FROM forecast_accuracy"
        " WHERE kind = 'live' AND level = %s AND segment = %s AND horizon_days = %s",
        *of,
        days,
    )
    expected = _expected(forecast, execute, rows, days)
    assert expected["wape_total"] > 0
    for name, value in zip(METRICS, found, strict=True):
        assert float(value) == pytest.approx(expected[name]), name


def test_a_forecast_is_judged_once_and_only_when_its_days_have_come(counted, execute, forecast):
    execute("DELETE FROM daily_aggregates WHERE ds > %s", date(2016, 11, 15))
    said = []
    # The fifteenth may not be complete: seven days have come, and not 28.
    assert accuracy.score_past(counted, said.append) == 1
    assert said == ["a: judged by its first 7 days"]
    assert accuracy.score_past(counted, said.append) == 0
    assert execute("SELECT DISTINCT horizon_days, kind FROM forecast_accuracy") == [(7, "live")]


def test_a_what_if_is_not_judged(counted, execute, forecast):
    execute("UPDATE forecast_runs SET demand_in_words = '+100 %'")
    assert accuracy.score_past(counted, lambda text: None) == 0
