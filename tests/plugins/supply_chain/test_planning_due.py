"""When a forecast or a plan is due, by days of the data."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from supply_chain import planning_due
from supply_chain.database import DATABASE
from supply_chain.planning_due import PlannedDays, Planning
from supply_chain.servers.databases import connect_as_superuser

if TYPE_CHECKING:
    from supply_chain.settings import Settings

START = date(2018, 1, 1)
FRESH = PlannedDays(
    complete_day=START - timedelta(days=1),
    forecast_day=START,
    forecast_end=START + timedelta(days=30),
    plan_day=START,
    forecast_under_way=False,
    plan_under_way=False,
)


def after(days: int, **changed: object) -> PlannedDays:
    return replace(FRESH, complete_day=FRESH.complete_day + timedelta(days=days), **changed)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (FRESH, []),
        (after(6), []),
        (after(7), [Planning.PLAN]),
        (after(7, plan_under_way=True), []),
        (after(14, plan_day=START + timedelta(days=7)), [Planning.PLAN]),
        (after(13, plan_day=START + timedelta(days=7)), []),
        (after(27, plan_day=START + timedelta(days=21)), []),
        (after(28, plan_day=START + timedelta(days=28)), [Planning.FORECAST]),
        (after(40), [Planning.FORECAST]),
        (after(40, forecast_under_way=True), []),
        # A forecast takes longer than a day of the data may: the plan does not wait for it.
        (after(28, plan_day=START + timedelta(days=21)), [Planning.FORECAST, Planning.PLAN]),
        (after(28, plan_day=START + timedelta(days=21), forecast_under_way=True), [Planning.PLAN]),
        # Of these days no forecast says anything.
        (after(30, plan_day=START + timedelta(days=23), forecast_under_way=True), []),
        (after(7, plan_day=None), [Planning.PLAN]),
        (after(400, forecast_day=None, forecast_end=None, plan_day=None), []),
        # A forecast from a wrong date in the future.
        (after(40, forecast_day=date(2099, 1, 1), forecast_end=date(2099, 1, 31)), []),
    ],
)
def test_what_is_due(settings: Settings, days: PlannedDays, expected: list[Planning]) -> None:
    assert list(planning_due.due(settings, days)) == expected


def test_the_settings_decide(settings: Settings) -> None:
    often = settings.model_copy(update={"plan_every_days": 2, "forecast_every_days": 3})
    assert list(planning_due.due(often, after(2))) == [Planning.PLAN]
    assert list(planning_due.due(often, after(3))) == [Planning.FORECAST, Planning.PLAN]


@pytest.mark.integration
def test_days_are_those_of_baselines_and_what_has_just_begun_counts(database: Settings) -> None:
    def execute(*statements: str) -> None:
        with closing(connect_as_superuser(database, DATABASE)) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    forecast = (
        "INSERT INTO forecast_runs (run_id, status, scenario, is_baseline, cutoff, horizon_days, parameters,"
        " triggered_by, started_at) VALUES ('{}', '{}', 'baseline', {}, '{}', 30, '{{}}', 'test', {})"
    )
    plan = (
        "INSERT INTO replenishment_runs (plan_id, status, forecast_run_id, service_level, parameters, triggered_by,"
        " plan_day, finished_at) VALUES ('{}', '{}', '{}', 0.95, '{{}}', 'test', {}, now())"
    )
    assert planning_due.read(database) is None
    execute(
        "INSERT INTO daily_aggregates VALUES ('2018-01-09', 1, 1, 'C', 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)",
        "INSERT INTO daily_aggregates VALUES ('2018-01-10', 1, 1, 'C', 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)",
        forecast.format("base", "complete", "true", "2018-01-01", "now()"),
        forecast.format("what-if", "complete", "false", "2018-01-08", "now()"),
        plan.format("base-plan", "complete", "base", "'2018-01-03'"),
        plan.format("what-if-plan", "complete", "what-if", "'2018-01-08'"),
    )
    expected = PlannedDays(date(2018, 1, 9), date(2018, 1, 1), date(2018, 1, 31), date(2018, 1, 3), False, False)
    assert planning_due.read(database) == expected
    execute(
        forecast.format("again", "failed", "true", "2018-01-09", "now()"),
        plan.format("plan-again", "running", "base", "NULL"),
    )
    assert planning_due.read(database) == replace(expected, forecast_under_way=True, plan_under_way=True)
    assert planning_due.read(database, "again") == replace(expected, plan_under_way=True)
    execute("UPDATE forecast_runs SET started_at = now() - interval '6 minutes'")
    execute("UPDATE replenishment_runs SET started_at = now() - interval '6 minutes'")
    assert planning_due.read(database) == expected
