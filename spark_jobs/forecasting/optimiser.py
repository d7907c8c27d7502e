"""Prophet's posterior, maximised in this process.

Most of the time of a stock Prophet fit goes into writing its data as JSON and starting the program that Stan compiled.
For additive seasonality with linear or flat growth the posterior of ``prophet.stan`` needs neither: given the noise and
the weights of the changepoints it is a ridge regression, so that some ten small linear systems find its maximum.

The negative log posterior, up to a constant, with z the scaled demand, A the design (slope k, offset m, changepoints d,
seasonality b), T days:

    T log s + |z - A theta|^2 / (2 s^2) + 2 s^2 + (k^2 + m^2) / 50 + sum |d| / tau + sum (b / sigma_b)^2 / 2

s and d are updated in turns with theta: s^2 in closed form, the Laplace prior of d by a quadratic that touches it from
above (majorise and minimise; Hunter and Lange, A Tutorial on MM Algorithms, 2004), so the objective never rises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from prophet import Prophet
from prophet.models import IStanBackend, TrendIndicator

if TYPE_CHECKING:
    from numpy.typing import NDArray


TREND_PRECISION = 1 / 5**2
"""Prior precision of slope and offset: both are Normal(0, 5)."""

ITERATIONS = 100
TOLERANCE = 1e-8
SMALLEST_CHANGE = 1e-7
"""A changepoint nearer to zero than this counts as zero in the weights."""


@dataclass(frozen=True)
class Design:
    """What all series of one calendar share.

    Attributes:
        matrix: shape (days, parameters), columns trend, changepoints, seasonality.
        precision: prior precision of each parameter; those of changepoints are not used.
        changepoints: which columns are changepoints.
        scale: scale tau of their Laplace prior.
    """

    matrix: NDArray[np.float64]
    precision: NDArray[np.float64]
    changepoints: slice
    scale: float

    @classmethod
    def of(
        cls,
        trend: TrendIndicator,
        *,
        time: NDArray[np.float64],
        changes: NDArray[np.float64],
        seasonality: NDArray[np.float64],
        sigmas: NDArray[np.float64],
        scale: float,
    ) -> Design:
        """Build the design from what Prophet's preprocessing gives.

        Args:
            trend: flat or linear.
            time: scaled time of each day.
            changes: scaled times of the changepoints.
            seasonality: features, shape (days, features).
            sigmas: their prior scales.
            scale: ``changepoint_prior_scale``.
        """
        if trend is TrendIndicator.FLAT:
            columns, count = [np.ones((len(time), 1))], 0
        else:
            bends = np.maximum(time[:, None] - changes[None, :], 0)
            columns, count = [time[:, None], np.ones((len(time), 1)), bends], len(changes)
        first = sum(part.shape[1] for part in columns) - count
        precision = np.concatenate([np.full(first, TREND_PRECISION), np.zeros(count), 1 / sigmas**2])
        return cls(np.hstack([*columns, seasonality]), precision, slice(first, first + count), scale)


@dataclass(frozen=True)
class Fit:
    """Maximum of the posterior of some series: parameters (series, parameters), noise s and objective of each."""

    parameters: NDArray[np.float64]
    noise: NDArray[np.float64]
    objective: NDArray[np.float64]


def maximise(design: Design, demand: NDArray[np.float64]) -> Fit:
    """Fit all series at once.

    Args:
        design: what they share.
        demand: scaled demand, shape (series, days).

    Raises:
        numpy.linalg.LinAlgError: a system has no solution.
    """
    series, days = demand.shape
    gram = design.matrix.T @ design.matrix
    moments = demand @ design.matrix
    squares = (demand**2).sum(axis=1)
    diagonal = np.arange(len(gram))
    precision = np.tile(design.precision, (series, 1))
    change = np.full((series, design.changepoints.stop - design.changepoints.start), 0.05)
    variance = np.asarray(np.maximum(squares / days, 1e-12), dtype=np.float64)
    before = np.full(series, np.inf)
    for _ in range(ITERATIONS):
        precision[:, design.changepoints] = 1 / (design.scale * np.maximum(np.abs(change), SMALLEST_CHANGE))
        system = np.repeat(gram[None], series, axis=0)
        system[:, diagonal, diagonal] += precision * variance[:, None]
        parameters = np.asarray(np.linalg.solve(system, moments[:, :, None])[:, :, 0], dtype=np.float64)
        change = parameters[:, design.changepoints]
        fitted = np.einsum("ni,ij,nj->n", parameters, gram, parameters)
        residual = np.maximum(squares - 2 * (moments * parameters).sum(axis=1) + fitted, 1e-12)
        # Where the derivative by s is zero: 4 s^4 + T s^2 - residual = 0.
        variance = np.asarray((-days + np.sqrt(days**2 + 16 * residual)) / 8, dtype=np.float64)
        now = _objective(design, days, residual, variance, parameters)
        if np.all(before - now < TOLERANCE * np.abs(now)):
            break
        before = now
    return Fit(parameters, np.sqrt(variance), now)


def objective(design: Design, demand: NDArray[np.float64], parameters: NDArray[np.float64], noise: float) -> float:
    """Return the negative log posterior of one series, up to a constant.

    Args:
        design: the series' design.
        demand: its scaled demand.
        parameters: a value for each column of the design.
        noise: standard deviation s of the scaled demand.
    """
    residual = np.sum((demand - design.matrix @ parameters) ** 2)
    found = _objective(design, len(demand), np.array([residual]), np.array([noise**2]), parameters[None])
    return float(found[0])


def _objective(
    design: Design,
    days: int,
    residual: NDArray[np.float64],
    variance: NDArray[np.float64],
    parameters: NDArray[np.float64],
) -> NDArray[np.float64]:
    change = parameters[:, design.changepoints]
    priors = design.precision.copy()
    priors[design.changepoints] = 0
    return np.asarray(
        0.5 * days * np.log(variance)
        + residual / (2 * variance)
        + 2 * variance
        + 0.5 * (priors * parameters**2).sum(axis=1)
        + np.abs(change).sum(axis=1) / design.scale
    )


class InProcessBackend(IStanBackend):
    """The optimiser as a backend of Prophet, beside the one that runs CmdStan."""

    @staticmethod
    def get_type() -> str:
        """Return the backend's name."""
        return "IN_PROCESS"

    def load_model(self) -> None:
        """Load nothing: there is no compiled model."""

    def fit(self, stan_init: dict[str, Any], stan_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Maximise the posterior of one series.

        Raises:
            ValueError: the model has multiplicative terms or logistic growth, or is to be fitted with options of Stan.
        """
        trend = TrendIndicator(stan_data["trend_indicator"])
        if kwargs or trend is TrendIndicator.LOGISTIC or np.any(stan_data["s_m"]):
            raise ValueError("only additive models with linear or flat growth are fitted in this process: use CmdStan")
        changes = np.asarray(stan_data["t_change"], dtype=np.float64)
        seasonality = np.asarray(stan_data["X"], dtype=np.float64) * np.asarray(stan_data["s_a"], dtype=np.float64)
        design = Design.of(
            trend,
            time=np.asarray(stan_data["t"], dtype=np.float64),
            changes=changes,
            seasonality=seasonality,
            sigmas=np.asarray(stan_data["sigmas"], dtype=np.float64),
            scale=stan_data["tau"],
        )
        fit = maximise(design, np.asarray(stan_data["y"], dtype=np.float64)[None])
        slope = [] if trend is TrendIndicator.FLAT else [fit.parameters[0, 0]]
        found = {
            "k": slope or [0.0],
            "m": [fit.parameters[0, len(slope)]],
            "delta": np.zeros(len(changes)) if not slope else fit.parameters[0, design.changepoints],
            "beta": fit.parameters[0, design.changepoints.stop :],
            "sigma_obs": fit.noise,
        }
        return {name: np.asarray(value).reshape(1, -1) for name, value in found.items()}

    def sampling(
        self, stan_init: dict[str, Any], stan_data: dict[str, Any], samples: int, **kwargs: Any
    ) -> dict[str, Any]:
        """Refuse: sampling is CmdStan's.

        Raises:
            ValueError: always.
        """
        raise ValueError("mcmc_samples needs CmdStan")


class InProcessProphet(Prophet):
    """Prophet whose fit starts no other program."""

    def _load_stan_backend(self, stan_backend: str | None) -> None:
        self.stan_backend = InProcessBackend()
