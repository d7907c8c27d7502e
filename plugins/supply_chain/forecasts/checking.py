"""What is asked of a forecast, checked against the data: every problem at once, each naming the parameter."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from supply_chain.database import statement
from supply_chain.forecasts import choices
from supply_chain.forecasts.parameters import ForecastParameters
from supply_chain.forecasts.runs import ForecastError, forecaster_transaction
from supply_chain.orders.event import OrderStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from supply_chain.settings import Settings

LISTED = 5
"""How many unknown ids or near names a message lists."""


class NoHistoryError(ForecastError):
    """Nothing has been received yet."""


class RefusedError(ForecastError):
    """What is asked for cannot be done; the message lists every reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("this forecast cannot be made:\n  " + "\n  ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Extent:
    """Which days are in the data.

    Attributes:
        first_day: first day with an order.
        last_day: last day with an order.
        complete_until: first day of which orders may still be missing.
    """

    first_day: date
    last_day: date
    complete_until: date


def extent(settings: Settings) -> Extent:
    """Return which days are in the data.

    Raises:
        NoHistoryError: none.
    """
    with forecaster_transaction(settings) as cursor:
        cursor.execute(statement("forecasts/extent"))
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NoHistoryError("no order has been counted yet: run seed_database, and order_stream until it counts some")
    return Extent(*row)


def check(
    settings: Settings, asked: Mapping[str, Any], *, logical_date: date | None
) -> tuple[ForecastParameters, date]:
    """Check what is asked for, and settle the cutoff.

    Args:
        settings: the deployment.
        asked: parameters by name, as a form, a REST call or a command line gave them; None is as good as left out.
        logical_date: that of the DAG's run, if it has one.

    Returns:
        The parameters, ids in the place of names; and the first day of the forecast.

    Raises:
        NoHistoryError: there are no data yet.
        RefusedError: naming each parameter that cannot be met, its value and the remedy.
    """
    found = extent(settings)
    problems = [
        f"{name}: there is no such parameter; there are {', '.join(sorted(ForecastParameters.model_fields))}"
        for name in sorted(set(asked) - set(ForecastParameters.model_fields))
    ]
    given = {name: value for name, value in asked.items() if name in ForecastParameters.model_fields}
    known = choices.reference(settings)
    for name, names in (("product_ids", known.products), ("retailer_ids", known.retailers)):
        given[name] = _ids(name, given.get(name), names, problems)
    try:
        parameters = ForecastParameters(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems += [_told(item) for item in error.errors()]
        raise RefusedError(problems) from None
    if set(parameters.excluded_statuses) >= set(OrderStatus):
        problems.append("excluded_statuses: all of them leave no demand; leave out at least one")
    cutoff = _cutoff(parameters, found, logical_date)
    problems += _date_problems(parameters, found, cutoff)
    if not problems and not _has_demand(settings, parameters, cutoff):
        problems.append(
            f"start_date, cutoff: no demand from {parameters.start_date or found.first_day} until {cutoff} without "
            f"{', '.join(parameters.excluded_statuses) or 'any status excluded'}: choose other days, or exclude less"
        )
    if problems:
        raise RefusedError(problems)
    return parameters, cutoff


def _ids(parameter: str, values: Any, names: Mapping[int, str], problems: list[str]) -> list[int]:
    """Return the ids that are meant, from ids, digits or names."""
    if values is None:
        return []
    if isinstance(values, (int, str)):
        values = [values]
    ids, unknown = [], []
    by_name: dict[str, list[int]] = {}
    for number, name in names.items():
        by_name.setdefault(name.casefold(), []).append(number)
    for value in values:
        text = str(value).strip()
        meant = by_name.get(text.casefold(), [])
        if text.isdecimal() and int(text) in names:
            ids.append(int(text))
        elif len(meant) == 1:
            ids += meant
        elif meant:
            problems.append(f"{parameter}: {text!r} is the name of {sorted(meant)}: give the id that is meant")
        else:
            unknown.append(text)
    for text in unknown[:LISTED]:
        near = difflib.get_close_matches(text.casefold(), by_name, n=LISTED, cutoff=0.6)
        listed = ", ".join(f"{names[by_name[name][0]]} ({by_name[name][0]})" for name in near)
        remedy = f"near: {listed}" if near else "`make psql` shows what is in it"
        problems.append(f"{parameter}: {text!r} is not in the table {_table(parameter)}; {remedy}")
    if len(unknown) > LISTED:
        problems.append(f"{parameter}: {len(unknown) - LISTED} more are not there either")
    return sorted(set(ids))


def _table(parameter: str) -> str:
    return parameter.removesuffix("_ids") + "s"


def _told(item: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in item["loc"])
    return f"{place}: {item['input']!r}: {item['msg']}"


def _cutoff(parameters: ForecastParameters, found: Extent, logical_date: date | None) -> date:
    if parameters.cutoff is not None:
        return parameters.cutoff
    if parameters.end_date is not None:
        return parameters.end_date + timedelta(days=1)
    if logical_date is not None and found.first_day < logical_date <= found.last_day:
        return logical_date
    return found.complete_until


def _date_problems(parameters: ForecastParameters, found: Extent, cutoff: date) -> list[str]:
    problems = []
    start, end = parameters.start_date, parameters.end_date
    after = found.last_day + timedelta(days=1)
    if not found.first_day < cutoff <= after:
        name = "cutoff" if parameters.cutoff or not end else "end_date"
        problems.append(
            f"{name}: {cutoff if name == 'cutoff' else end} is outside of the data, which has {found.first_day} to "
            f"{found.last_day}; a cutoff may be {found.first_day + timedelta(days=1)} to {after}"
        )
    if end and parameters.cutoff and end != parameters.cutoff - timedelta(days=1):
        problems.append(f"end_date: {end} is not the day before the cutoff {parameters.cutoff}; give one of the two")
    if start and start >= cutoff:
        last = f"end_date, {end}" if end else f"the last day before the cutoff, {cutoff - timedelta(days=1)}"
        problems.append(f"start_date: {start} is after {last}; choose an earlier one")
    return problems


def _has_demand(settings: Settings, parameters: ForecastParameters, cutoff: date) -> bool:
    with forecaster_transaction(settings) as cursor:
        cursor.execute(
            statement("forecasts/history"),
            {
                "cutoff": cutoff,
                "train_from": parameters.start_date,
                "excluded_statuses": list(parameters.excluded_statuses),
            },
        )
        return cursor.fetchone() != (None,)
