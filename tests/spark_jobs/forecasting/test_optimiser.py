"""The optimiser in this process finds what CmdStan finds, or better."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from prophet import Prophet
from prophet.models import TrendIndicator

from forecasting.optimiser import Design, InProcessProphet, maximise, objective
from forecasting.prophet_models import LEVEL, SEASON

FIRST_DAY = date(2015, 1, 1)


def _fitted(configuration, factory, series):
    model = configuration.model(len(series), factory)
    model.fit(pd.DataFrame({"ds": pd.date_range(FIRST_DAY, periods=len(series)), "y": series}))
    return model


def _objective(model, configuration, series):
    """The negative log posterior at the parameters that a fitted model has."""
    data = configuration.model(len(series)).preprocess(
        pd.DataFrame({"ds": pd.date_range(FIRST_DAY, periods=len(series)), "y": series})
    )
    trend = TrendIndicator(data.trend_indicator)
    design = Design.of(
        trend,
        time=np.asarray(data.t, dtype=float),
        changes=np.asarray(data.t_change, dtype=float),
        seasonality=np.asarray(data.X, dtype=float),
        sigmas=np.asarray(data.sigmas, dtype=float),
        scale=data.tau,
    )
    found = {name: np.asarray(value).reshape(-1) for name, value in model.params.items()}
    flat = trend is TrendIndicator.FLAT
    parameters = np.concatenate(
        [found["m"], found["beta"]] if flat else [found["k"], found["m"], found["delta"], found["beta"]]
    )
    return objective(design, np.asarray(data.y, dtype=float), parameters, float(found["sigma_obs"][0]))


@pytest.mark.parametrize("configuration", [LEVEL, SEASON], ids=lambda each: each.name)
def test_its_objective_is_not_worse_than_that_of_cmdstan(configuration, thirty_series):
    assert len(thirty_series) == 30
    for series in thirty_series[:20]:
        ours = _objective(_fitted(configuration, InProcessProphet, series), configuration, series)
        theirs = _objective(_fitted(configuration, Prophet, series), configuration, series)
        assert ours <= theirs + 1e-3


def test_the_objective_rises_away_from_its_minimum(thirty_series):
    series = thirty_series[0]
    model = _fitted(SEASON, InProcessProphet, series)
    least = _objective(model, SEASON, series)
    for name in ("m", "k", "beta", "sigma_obs"):
        moved = {key: np.array(value) for key, value in model.params.items()}
        moved[name] = moved[name] + 0.01
        away = type("Moved", (), {"params": moved})
        assert _objective(away, SEASON, series) > least


def test_series_that_are_fitted_together_do_not_change_one_another():
    random = np.random.default_rng(1)
    time = np.linspace(0, 1, 200)
    design = Design.of(
        TrendIndicator.LINEAR,
        time=time,
        changes=np.linspace(0.1, 0.8, 5),
        seasonality=np.column_stack([np.sin(40 * time), np.cos(40 * time)]),
        sigmas=np.array([10.0, 10.0]),
        scale=0.05,
    )
    demand = random.random((5, 200))
    together = maximise(design, demand)
    alone = np.vstack([maximise(design, row[None]).parameters for row in demand])
    assert together.parameters == pytest.approx(alone, abs=1e-4)


def test_what_it_cannot_fit_is_refused():
    days = pd.DataFrame({"ds": pd.date_range(FIRST_DAY, periods=100), "y": np.arange(100) % 7 + 1.0})
    with pytest.raises(ValueError, match="use CmdStan"):
        InProcessProphet(seasonality_mode="multiplicative").fit(days)
    with pytest.raises(ValueError, match="needs CmdStan"):
        InProcessProphet(mcmc_samples=10).fit(days)
