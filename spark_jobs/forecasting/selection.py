"""Which model makes a forecast: the default, unless another was better by a margin in the windows before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forecasting.metrics import Errors

MARGIN = 0.05
"""How much better, in relative error, a model must be than the default: less is luck."""


@dataclass(frozen=True)
class Choice:
    """The chosen model, why it was chosen, and every candidate's score: error relative to the default, 1 its own."""

    model: str
    reason: str
    scores: dict[str, float]


def choose(windows: Sequence[Mapping[str, Errors]], default: str, margin: float = MARGIN) -> Choice:
    """Choose by the mean over backtest windows of the error of 28-day totals and the RMSSE.

    Args:
        windows: for each window the errors of each candidate; those that are missing from a window are not chosen.
        default: the model to prefer.
        margin: how much better another must be.
    """
    usable = [window for window in windows if default in window and window[default].actual > 0]
    if not usable:
        return Choice(default, "no window to compare in: the default", {})
    names = [default, *(sorted(set.intersection(*(set(window) for window in usable)) - {default}))]
    scores = {name: float(np.mean([_relative(window[name], window[default]) for window in usable])) for name in names}
    best = min(scores, key=lambda name: scores[name])
    compared = f"in {len(usable)} windows"
    if best == default:
        return Choice(default, f"the default, and the best {compared}", scores)
    if scores[best] > 1 - margin:
        reason = f"the default; {best} is only {1 - scores[best]:.1%} better {compared}, less than {margin:.0%}"
        return Choice(default, reason, scores)
    return Choice(best, f"{1 - scores[best]:.1%} better than {default} {compared}", scores)


def _relative(candidate: Errors, default: Errors) -> float:
    """Return the candidate's error by that of the default: the mean of both measures, 1 where neither can be told."""
    mine, theirs = candidate.metrics(), default.metrics()
    ratios = [
        found / base for name in ("wape_total", "rmsse") if (found := mine[name]) is not None and (base := theirs[name])
    ]
    return float(np.mean(ratios)) if ratios else 1.0
