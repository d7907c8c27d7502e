"""What is asked of a forecast, checked against the data: every problem at once, each naming the parameter."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from supply_chain.database import Role, statement, transaction
from supply_chain.forecast_runs import choices
from supply_chain.forecast_runs.parameters import DemandChange, ForecastParameters
from supply_chain.forecast_runs.runs import ForecastError
from supply_chain.orders.event import OrderStatus
from supply_chain.parameters import ParametersError, parse

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
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/extent"))
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
    if isinstance(given.get("scenario"), str) and not given["scenario"].strip():
        given.pop("scenario")
    try:
        parameters = parse(ForecastParameters, given)
    except ParametersError as error:
        raise RefusedError([*problems, *error.problems]) from None
    changes = [
        _meant(number, change, known, problems) for number, change in enumerate(parameters.demand_changes, start=1)
    ]
    parameters = parameters.model_copy(update={"demand_changes": changes}).named()
    if set(parameters.excluded_statuses) >= set(OrderStatus):
        problems.append("excluded_statuses: all of them leave no demand; leave out at least one")
    cutoff = _cutoff(settings, parameters, found, logical_date)
    problems += _date_problems(parameters, found, cutoff)
    problems += _change_problems(parameters, cutoff)
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


def _meant(number: int, change: DemandChange, known: choices.Choices, problems: list[str]) -> DemandChange:
    """Return a change with ids in the place of names, and the category as it is written."""
    place = f"demand_changes, entry {number}"
    found: dict[str, int | str | None] = {}
    named: list[str] = []
    for field, names in (("product", known.products), ("store", known.retailers)):
        value = getattr(change, field)
        if value is not None:
            told: list[str] = []
            ids = _ids("product_ids" if field == "product" else "retailer_ids", value, names, told)
            problems += [f"{place}, {field}: {text.partition(': ')[2]}" for text in told]
            found[field] = ids[0] if ids else None
            named += [names[number] for number in ids]
    if change.category is not None:
        written = {name.casefold(): name for name in known.categories}
        found["category"] = written.get(change.category.strip().casefold())
        if found["category"] is None:
            near = difflib.get_close_matches(change.category.casefold(), written, n=LISTED, cutoff=0.4) or written
            listed = ", ".join(written[name] for name in list(near)[:LISTED])
            problems.append(f"{place}, category: {change.category!r} is no category; near: {listed}")
        named.insert(0, str(found["category"]))
    return change.model_copy(update={**found, "of": ", ".join(named) or None})


def _change_problems(parameters: ForecastParameters, cutoff: date) -> list[str]:
    """Refuse changes of days that are not forecast: they would change nothing."""
    last = cutoff + timedelta(days=parameters.forecast_duration - 1)
    return [
        f"demand_changes, entry {number}: {change.in_words()}: none of these days is forecast, which are {cutoff} to "
        f"{last}; choose other days, another cutoff, or a longer forecast_duration"
        for number, change in enumerate(parameters.demand_changes, start=1)
        if (change.first_day or cutoff) > last or (change.last_day or last) < cutoff
    ]


def _cutoff(settings: Settings, parameters: ForecastParameters, found: Extent, logical_date: date | None) -> date:
    if parameters.cutoff is not None:
        return parameters.cutoff
    if parameters.end_date is not None:
        return parameters.end_date + timedelta(days=1)
    if parameters.is_what_if and (baseline := newest_cutoff(settings)) is not None:
        # To be compared with the baseline, a what-if starts on its day.
        return baseline
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


def newest_cutoff(settings: Settings) -> date | None:
    """Return the first day of the forecast that planning goes by, or None before there is one."""
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(statement("forecast_runs/newest_cutoff"))
        row = cursor.fetchone()
    return row[0] if row else None


def _has_demand(settings: Settings, parameters: ForecastParameters, cutoff: date) -> bool:
    with transaction(settings, Role.FORECASTER, "forecasts") as cursor:
        cursor.execute(
            statement("forecast_runs/history"),
            {
                "cutoff": cutoff,
                "train_from": parameters.start_date,
                "excluded_statuses": list(parameters.excluded_statuses),
            },
        )
        return cursor.fetchone() != (None,)
