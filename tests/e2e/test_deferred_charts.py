"""What a reader does not see yet waits: in a browser that Superset takes for a reader's, with a profile of its own."""

from __future__ import annotations

import re

import pytest

from tests.bench.dashboards import reader

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

PLACES = """() => [...document.querySelectorAll('.dashboard-chart')].map(chart => [
    chart.closest('[data-test-chart-id]').dataset.testChartId, chart.getBoundingClientRect().top / innerHeight])"""


def test_a_chart_below_the_window_waits_for_those_in_it(platform):
    chart_id = re.compile("slice_id%22%3A([0-9]+)%7D")
    events = []
    with reader(platform.settings) as dashboards:
        page = dashboards.page
        page.on("request", lambda request: events.extend(("asked", each) for each in chart_id.findall(request.url)))
        page.on("response", lambda answer: events.extend(("answered", each) for each in chart_id.findall(answer.url)))
        dashboards.open("pipeline_health", in_view=True)
        # Superset itself draws what is less than a window's height below.
        in_window = [each for each, top in page.evaluate(PLACES) if top < 1]
        below = [each for each, top in page.evaluate(PLACES) if 1.2 < top < 1.9]
        assert min(len(in_window), len(below)) > 0
        page.wait_for_timeout(3000)
    for each in below:
        before = events[: events.index(("asked", each))]
        assert {("answered", other) for other in in_window} <= set(before)
