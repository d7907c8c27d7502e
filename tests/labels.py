"""Measures what a reader cannot read on a dashboard: cut, overlapping and skipped texts.

``python -m tests.labels home`` prints what is wrong on each tab of a page, at each width. Charts are drawn on a canvas,
where no text can be asked for; so a script that runs before the page notes each text that is drawn, with its place.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supply_chain.dashboards import assets
from supply_chain.settings import load_settings
from tests.browser import DashboardPage, chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page, Response

    from supply_chain.dashboards.assets import Chart, Dataset
    from supply_chain.settings import Settings

WIDTHS = {1600: 1000, 1366: 768, 390: 844}
"""The windows' sizes: a desk, a small laptop, a phone."""

RECORD = """(() => {
    const drawn = new WeakMap();
    const proto = CanvasRenderingContext2D.prototype;
    const [fill, clear] = [proto.fillText, proto.clearRect];
    const size = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width');
    const forget = (canvas, box) => drawn.set(canvas, (drawn.get(canvas) ?? []).filter(each => !box
        || each.left >= box.right || each.right <= box.left || each.top >= box.bottom || each.bottom <= box.top));
    const boxOf = (context, x0, y0, x1, y1) => {
        const matrix = context.getTransform();
        const corners = [[x0, y0], [x1, y0], [x0, y1], [x1, y1]].map(([x, y]) => matrix.transformPoint({x, y}));
        const [xs, ys] = [corners.map(each => each.x), corners.map(each => each.y)];
        return {
            left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys), corners,
        };
    };
    proto.fillText = function (text, x, y, ...rest) {
        if (this.canvas.isConnected && String(text).trim()) {
            const width = this.measureText(text).width;
            const fontSize = parseFloat(/([\\d.]+)px/.exec(this.font)?.[1] ?? 12);
            const left = x - ({center: width / 2, right: width, end: width}[this.textAlign] ?? 0);
            const top = y - ({top: 0, hanging: 0, middle: fontSize / 2}[this.textBaseline] ?? fontSize * 0.8);
            // Letters fill about three quarters of the height of their line.
            const box = boxOf(this, left, top + fontSize * 0.12, left + width, top + fontSize * 0.88);
            const list = drawn.get(this.canvas) ?? [];
            list.push({text: String(text), ...box});
            drawn.set(this.canvas, list);
        }
        return fill.call(this, text, x, y, ...rest);
    };
    proto.clearRect = function (x, y, width, height) {
        forget(this.canvas, boxOf(this, x, y, x + width, y + height));
        return clear.call(this, x, y, width, height);
    };
    Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
        ...size, set(value) { forget(this); size.set.call(this, value); },
    });
    window.drawnTexts = canvas => drawn.get(canvas) ?? [];
})()"""

FAULTS = """() => {
    const found = [];
    const shown = each => each.getClientRects().length > 0;
    const titleOf = each => each.closest('[data-test-chart-name]')?.dataset.testChartName ?? 'page';
    const short = text => text.trim().replace(/\\s+/g, ' ').slice(0, 60);

    // Two turned rectangles are apart if a side of one separates them. Side by side there has to be a gap.
    const GAP = 2;
    const apart = (one, other) => [one, other].some(({corners: [a, b, c]}) => [[a, b], [a, c]].some(([p, q], side) => {
        const axis = [q.x - p.x, q.y - p.y];
        const length = Math.hypot(...axis) || 1;
        const along = each => each.corners.map(corner => (corner.x * axis[0] + corner.y * axis[1]) / length);
        const [first, second] = [along(one), along(other)];
        const room = side === 0 ? GAP : -1;
        return Math.max(...first) + room <= Math.min(...second) || Math.max(...second) + room <= Math.min(...first);
    }));

    for (const canvas of document.querySelectorAll('canvas')) {
        if (!shown(canvas)) continue;
        const title = titleOf(canvas);
        const texts = window.drawnTexts(canvas);
        for (const each of texts) {
            if (each.left < -1 || each.top < -1 || each.right > canvas.width + 1 || each.bottom > canvas.height + 1)
                found.push(`${title}: "${short(each.text)}" leaves the picture`);
            if (/(…|\\.\\.\\.)$/.test(each.text)) found.push(`${title}: "${short(each.text)}" is shortened`);
        }
        texts.forEach((one, index) => texts.slice(index + 1).forEach(other => {
            const same = one.text === other.text && Math.abs(one.left - other.left) < 2
                && Math.abs(one.top - other.top) < 2;
            if (!same && !apart(one, other))
                found.push(`${title}: "${short(one.text)}" and "${short(other.text)}" overlap`);
        }));
    }

    const inside = document.querySelector('.dashboard-content, .grid-container') ?? document.body;
    for (const each of inside.querySelectorAll('*')) {
        const own = [...each.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim());
        const svgText = each.tagName === 'text' && each.textContent.trim();
        if ((!own.length && !svgText) || !shown(each) || each.closest('[aria-hidden=true], label, .ant-tabs-nav'))
            continue;
        const style = getComputedStyle(each);
        if (style.visibility === 'hidden' || Number(style.opacity) === 0 || parseFloat(style.fontSize) === 0) continue;
        const title = titleOf(each);
        const text = short(each.textContent);
        if (parseFloat(style.fontSize) < 9) found.push(`${title}: "${text}" is ${style.fontSize} high`);
        const range = document.createRange();
        range.selectNodeContents(each);
        const box = range.getBoundingClientRect();
        // What hides or scrolls sideways cuts; what scrolls downwards is read by scrolling.
        for (let holder = each; holder && holder !== document.body; holder = holder.parentElement) {
            const {overflowX, overflowY} = getComputedStyle(holder);
            if (overflowX === 'visible' && overflowY === 'visible') continue;
            const frame = holder.getBoundingClientRect();
            const wide = overflowX !== 'visible' && (box.right > frame.right + 1.5 || box.left < frame.left - 1.5);
            const stands = ['hidden', 'clip'].includes(overflowY) || holder.closest('.dashboard-markdown');
            const high = stands && box.bottom > frame.bottom + 2;
            // A table of a phone is read by scrolling sideways.
            const scrolls = innerWidth < 1000 && holder.closest('[data-test-viz-type=table]');
            if ((wide && !scrolls) || high) found.push(`${title}: "${text}" is cut`);
            if (wide || high || overflowX !== 'visible') break;
        }
    }
    for (const chart of inside.querySelectorAll('[data-test-viz-type=table]')) {
        if (!shown(chart) || innerWidth < 1000) continue;
        const wider = [...chart.querySelectorAll('div')].find(each => each.scrollWidth > each.clientWidth + 2
            && ['auto', 'scroll'].includes(getComputedStyle(each).overflowX));
        if (wider)
            found.push(`${titleOf(wider)}: the table is ${wider.scrollWidth - wider.clientWidth} pixels too wide`);
    }
    return [...new Set(found)];
}"""


DRAWN = """() => Object.fromEntries([...document.querySelectorAll('canvas')]
    .filter(canvas => canvas.getClientRects().length && canvas.closest('[data-test-chart-name]'))
    .map(canvas => [canvas.closest('[data-test-chart-name]').dataset.testChartName,
        window.drawnTexts(canvas).map(each => each.text.trim())]))"""

TITLE = "id => document.querySelector(`[data-test-chart-id='${id}']`)?.dataset.testChartName"


@dataclass(frozen=True)
class Fault:
    """A text that cannot be read.

    Attributes:
        width: of the window, in pixels.
        what: the chart, the text and what is wrong with it.
    """

    width: int
    tab: str
    what: str

    def __str__(self) -> str:
        return f"{self.width} {self.tab or '-'}: {self.what}"


def context(browser: Browser) -> BrowserContext:
    """Open a profile in which each text that a canvas shows is noted."""
    opened = browser.new_context()
    opened.add_init_script(RECORD)
    return opened


def faults(
    dashboards: DashboardPage, name: str, widths: dict[int, int] = WIDTHS, before: str | None = None
) -> Iterator[Fault]:
    """Open a dashboard in windows of each width, and measure each of its tabs.

    Args:
        dashboards: a page of :func:`context`.
        name: the dashboard's folder.
        widths: the windows' widths and heights.
        before: a script that each tab runs before it is measured.
    """
    page = dashboards.page
    files = assets.read()
    charts = {chart.title: chart for chart in files.charts_of(name).values()}
    named = {title: _named(chart, files.datasets[chart.dataset]) for title, chart in charts.items()}
    arrived: list[Response] = []

    def keep(answer: Response) -> None:
        arrived.append(answer)

    page.on("response", keep)
    for width, height in widths.items():
        page.set_viewport_size({"width": width, "height": height})
        arrived.clear()
        for tab in dashboards.tabs(name):
            page.wait_for_timeout(500)
            if before:
                page.evaluate(before)
            yield from (Fault(width, tab, what) for what in page.evaluate(FAULTS))
            drawn = page.evaluate(DRAWN)
            for chart, names in _answers(page, arrived, named):
                missing = sorted(names - set(drawn[chart])) if chart in drawn else []
                yield from (Fault(width, tab, f'{chart}: "{name}" is skipped') for name in missing)


def _answers(page: Page, arrived: list[Response], named: dict[str, list[str]]) -> Iterator[tuple[str, set[str]]]:
    """Name the charts that have an axis with names, each with the names that its answer has."""
    for answer in arrived:
        if "/api/v1/chart/data" in answer.url and answer.ok:
            form = json.loads(answer.request.post_data or "{}").get("form_data", {})
            title = page.evaluate(TITLE, str(form.get("slice_id")))
            if named.get(title):
                rows = answer.json()["result"][0]["data"]
                yield title, {str(row[column]).strip() for column in named[title] for row in rows if column in row}


def _named(chart: Chart, dataset: Dataset) -> list[str]:
    """Return the columns of which each value has to be written beside the picture: those of axes with names."""
    axes = [chart.params.get("x_axis")]
    if chart.viz_type == "heatmap_v2":
        axes.append(chart.params.get("groupby"))
    if chart.viz_type == "pie":
        axes = []
    return [axis for axis in axes if axis and dataset.columns[axis] == "TEXT"]


def main() -> None:
    """Print the faults of the dashboards that are named, or of all."""
    settings: Settings = load_settings()
    with chromium() as browser:
        dashboards = DashboardPage(context(browser).new_page(), settings)
        dashboards.log_in()
        for name in sys.argv[1:] or assets.read().dashboards:
            found = list(faults(dashboards, name))
            print(f"{name}: {len(found)}", *found, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
