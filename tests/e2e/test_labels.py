"""Every text of every page can be read, on a desk, a small laptop and a phone."""

from __future__ import annotations

import pytest

from supply_chain.dashboards import assets
from tests.browser import DashboardPage, chromium
from tests.labels import WIDTHS, context, faults

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def dashboards(platform):
    with chromium() as browser:
        opened = DashboardPage(context(browser).new_page(), platform.settings)
        opened.log_in()
        yield opened


@pytest.mark.parametrize("name", sorted(assets.read().dashboards))
def test_no_text_is_cut_skipped_or_printed_over_another(dashboards, name):
    assert [str(fault) for fault in faults(dashboards, name)] == []


BROKEN = """() => {
    const canvas = document.querySelector('canvas');
    const context = canvas.getContext('2d');
    context.resetTransform();
    context.font = '12px sans-serif';
    context.fillText('One over another', 50, 50);
    context.fillText('Two over another', 55, 52);
    context.fillText('Far out', canvas.width - 5, 50);
    const number = document.querySelector('[data-test-chart-name$="at a glance"] tbody td');
    number.innerHTML = `<div style="width: 20px; overflow: hidden; white-space: nowrap">${number.textContent}</div>`;
}"""


def test_the_measure_sees_what_is_wrong(dashboards):
    """A measure that finds nothing on the pages has to find what is put there."""
    width = next(iter(WIDTHS))
    found = [fault.what for fault in faults(dashboards, "sales_performance", {width: WIDTHS[width]}, BROKEN)]
    assert any('"One over another" and "Two over another" overlap' in each for each in found)
    assert any('"Far out" leaves the picture' in each for each in found)
    assert any("is cut" in each for each in found)
