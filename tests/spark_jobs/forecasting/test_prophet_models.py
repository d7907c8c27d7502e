from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasting import prophet_models
from forecasting.optimiser import InProcessProphet
from forecasting.prophet_models import CONFIGURATIONS, LEVEL, SEASON, Backend, forecast

FIRST_DAY = date(2015, 1, 1)
NO_START = np.zeros(30, dtype=np.int64)


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda each: each.name)
def test_a_batch_is_what_prophet_itself_predicts(configuration, thirty_series):
    together = forecast(thirty_series, NO_START, FIRST_DAY, 28, configuration)
    days = pd.date_range(FIRST_DAY, periods=thirty_series.shape[1] + 28)
    for series, found in zip(thirty_series[:5], together[:5], strict=True):
        model = configuration.model(len(series), InProcessProphet)
        model.fit(pd.DataFrame({"ds": days[: len(series)], "y": series}))
        alone = model.predict(pd.DataFrame({"ds": days[len(series) :]}))["yhat"].to_numpy()
        # Both stop when the objective does not fall any more, the batch when none of its series' does.
        assert found == pytest.approx(np.maximum(alone, 0), abs=0.01 * series.max())


def test_the_backends_agree_on_what_comes(thirty_series):
    some = thirty_series[:3]
    starts = np.zeros(3, dtype=np.int64)
    ours = forecast(some, starts, FIRST_DAY, 28, LEVEL)
    theirs = forecast(some, starts, FIRST_DAY, 28, LEVEL, backend=Backend.CMDSTAN)
    assert ours == pytest.approx(theirs, rel=0.01, abs=0.01)


def test_a_short_history_has_no_forecast_and_a_year_needs_one():
    demand = np.ones((2, 100)) * (np.arange(100) % 7)
    found = forecast(demand, np.array([0, 60]), FIRST_DAY, 7, SEASON)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
    assert list(SEASON.model(364).seasonalities) == ["weekly"]
    assert list(SEASON.model(365).seasonalities) == ["weekly", "yearly"]


def test_it_finds_a_week():
    demand = np.tile([[0.0, 0, 0, 0, 0, 10, 20]], (1, 60))
    found = forecast(demand, np.array([0]), FIRST_DAY, 7, SEASON)[0]
    assert found == pytest.approx([0, 0, 0, 0, 0, 10, 20], abs=0.5)


def test_a_series_that_cannot_be_fitted_leaves_the_others_alone(thirty_series):
    some = thirty_series[:3].copy()
    some[1, 5] = np.nan
    some[1, 6:] = np.inf
    found = forecast(some, np.zeros(3, dtype=np.int64), FIRST_DAY, 28, LEVEL)
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[[0, 2]]).all()
    assert found[0].sum() > 0


def test_forecasts_are_not_below_zero():
    falling = np.maximum(100 - np.arange(200.0), 0)[None]
    assert forecast(falling, np.array([0]), FIRST_DAY, 60, SEASON).min() >= 0


def test_designs_are_made_once_for_a_calendar(thirty_series):
    prophet_models._designs.cache_clear()
    forecast(thirty_series, NO_START, FIRST_DAY, 28, LEVEL)
    forecast(thirty_series, NO_START, FIRST_DAY, 28, LEVEL)
    assert prophet_models._designs.cache_info().misses == 1
