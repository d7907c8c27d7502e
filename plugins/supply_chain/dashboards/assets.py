"""The files of ``superset/assets``: a folder per dashboard, a file per chart, and the datasets that charts ask.

superset/assets/datasets/stock.yaml            a view of the schema ``dashboards``, its columns and metrics
superset/assets/inventory/dashboard.yaml       title, filters, and the charts in rows and tabs
superset/assets/inventory/at_a_glance.yaml     a chart: a dataset, a kind of picture, and Superset's own parameters
superset/assets/everywhere/to_order.yaml       a chart that dashboards share
superset/assets/everywhere/freshness.yaml      the first line of every page, which superset/static/pages.js reads
superset/assets/colours.yaml, dashboard.css    what all pages look like
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from supply_chain.settings import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ASSETS = REPOSITORY / "superset" / "assets"
NAMESPACE = uuid5(NAMESPACE_URL, "supply_chain/superset/assets")
DASHBOARD_FILE = "dashboard"
EVERYWHERE = "everywhere"
"""The folder of charts that more than one dashboard shows."""

COLUMNS_OF_A_ROW = 12

AXIS = ("x_axis", "entity", "series")
GROUPS = ("groupby", "columns", "all_columns", "groupbyRows", "groupbyColumns")
METRIC = ("metric", "secondary_metric")
METRICS = ("metrics", "metrics_b", "percent_metrics")


class AssetError(ValueError):
    """Files that cannot be published; the message names each file and what is wrong in it."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Metric(_File):
    """A number that charts show, defined once."""

    title: str
    sql: str
    description: str = Field(min_length=20)
    format: str = ",d"


class Dataset(_File):
    """A view, and what can be asked of it.

    Attributes:
        view: its name in the schema ``dashboards``.
        time_column: what a date range selects by.
        cache_seconds: how old an answer may be; -1: always ask.
        titles: what people read at the head of a column, where its name does not say it.
        formats: how a column's numbers are written in a table.
        descriptions: what a column means, shown where its head is pointed at.
    """

    view: str
    description: str = Field(min_length=20)
    time_column: str | None = None
    cache_seconds: int | None = None
    titles: dict[str, str] = Field(default_factory=dict)
    formats: dict[str, str] = Field(default_factory=dict)
    descriptions: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, str]
    metrics: dict[str, Metric]

    def title(self, column: str) -> str:
        """Return what people read at the head of a column."""
        return self.titles.get(column) or column.replace("_", " ").capitalize()


class Thresholds(_File):
    """From where on a number calls for attention; where ``bad`` is below ``warning``, lower is worse."""

    warning: float
    bad: float


class Chart(_File):
    """One picture.

    Attributes:
        thresholds: the colours of its numbers, by metric or column.
        widths: pixels of a table's columns that need more or less than their share.
        where: a condition in SQL on the dataset's columns; Jinja in it can ask what is chosen in the filters.
        params: Superset's parameters of this kind of picture.
    """

    title: str
    description: str = Field(min_length=20)
    dataset: str
    viz_type: str
    where: str | None = None
    thresholds: dict[str, Thresholds] = Field(default_factory=dict)
    widths: dict[str, int] = Field(default_factory=dict)
    params: dict[str, Any]

    def columns(self) -> list[str]:
        """Return the columns that it groups by or shows, in their order."""
        named = [str(self.params[name]) for name in AXIS if self.params.get(name)]
        return list(dict.fromkeys([*named, *(each for name in GROUPS for each in _several(self.params.get(name)))]))

    def metrics(self) -> list[str]:
        """Return the metrics that it shows."""
        single = [str(self.params[name]) for name in METRIC if self.params.get(name)]
        several = [metric for name in METRICS for metric in _several(self.params.get(name))]
        return list(dict.fromkeys(single + several))


class Cell(_File):
    """A place in a row: a chart, or a text in Markdown."""

    chart: str | None = None
    text: str | None = None
    width: int = Field(ge=1, le=COLUMNS_OF_A_ROW)


class Row(_File):
    """Cells side by side; the height is in Superset's units of 8 pixels."""

    height: int = Field(ge=4, le=120)
    cells: list[Cell] = Field(min_length=1)


class Tab(_File):
    """Rows that take the place of those of the other tabs, and are asked for when somebody opens it."""

    title: str
    rows: list[Row] = Field(min_length=1)


class Filter(_File):
    """What people can narrow a dashboard by; it reaches every chart whose dataset has the column.

    Attributes:
        default: what is chosen at first, and cannot be nothing then.
        several: whether more than one value can be chosen.
        newest_first: whether its choices are listed from the last to the first.
        sorted_by: the metric by which its choices are listed, the highest first; else they are listed by name.
        default_range: the dates that are chosen at first, in Superset's words.
        without: charts that it leaves as they are, although they have its column.
    """

    title: str
    kind: Literal["values", "dates", "at_most"] = "values"
    dataset: str | None = None
    column: str | None = None
    default: list[str] = Field(default_factory=list)
    several: bool = True
    newest_first: bool = False
    sorted_by: str | None = None
    default_range: str | None = None
    without: list[str] = Field(default_factory=list)


class Dashboard(_File):
    """A page of charts.

    Attributes:
        slug: its address, ``/superset/dashboard/SLUG/``.
        refresh_seconds: after which it asks again by itself; 0: never.
        rows: what always stands, from the top.
        tabs: what stands below, one of them at a time, the first one at first.
    """

    title: str
    slug: str = Field(pattern=r"^[a-z][a-z-]*$")
    description: str = Field(min_length=20)
    refresh_seconds: int = 0
    filters: list[Filter]
    rows: list[Row] = Field(min_length=1)
    tabs: list[Tab] = Field(default_factory=list)

    def all_rows(self) -> list[Row]:
        """Return the rows that always stand, and those of each tab."""
        return [*self.rows, *(row for tab in self.tabs for row in tab.rows)]

    def chart_names(self) -> Iterator[str]:
        """Name the charts in the order of their places."""
        yield from charts_in(self.all_rows())


def charts_in(rows: Iterable[Row]) -> Iterator[str]:
    """Name the charts of rows in the order of their places."""
    for row in rows:
        yield from (cell.chart for cell in row.cells if cell.chart)


@dataclass(frozen=True)
class Assets:
    """All files, by name; a chart's name is ``FOLDER/CHART``."""

    datasets: dict[str, Dataset]
    charts: dict[str, Chart]
    dashboards: dict[str, Dashboard]

    def charts_of(self, dashboard: str) -> dict[str, Chart]:
        """Return the charts that a dashboard shows, by their full names."""
        names = [self.full_name(dashboard, chart) for chart in self.dashboards[dashboard].chart_names()]
        return {name: self.charts[name] for name in names}

    def full_name(self, dashboard: str, chart: str) -> str:
        """Return the full name of a chart that a dashboard names: one of its own folder, or a shared one."""
        own = f"{dashboard}/{chart}"
        return own if own in self.charts else f"{EVERYWHERE}/{chart}"

    def filters_on(self, chart: str) -> list[Filter]:
        """Return the filters of the dashboard that a chart belongs to, by the chart's full name."""
        dashboard = self.dashboards.get(chart.partition("/")[0])
        return dashboard.filters if dashboard else []

    def reaches(self, dashboard: str, chosen: Filter, chart: str) -> bool:
        """Return whether a filter does something to a chart: whether its dataset has what the filter is of."""
        dataset = self.datasets[self.charts[self.full_name(dashboard, chart)].dataset]
        has = dataset.time_column is not None if chosen.kind == "dates" else chosen.column in dataset.columns
        return has and chart not in chosen.without

    @cached_property
    def uuids(self) -> dict[str, UUID]:
        """The ids by kind and name, e.g. ``chart/home/revenue``."""
        kinds: dict[str, Iterable[str]] = {
            "dataset": self.datasets, "chart": self.charts, "dashboard": self.dashboards,
        }  # fmt: skip
        return {f"{kind}/{name}": uuid5(NAMESPACE, f"{kind}/{name}") for kind, names in kinds.items() for name in names}


def read(folder: Path = ASSETS) -> Assets:
    """Read the files.

    Args:
        folder: where they are.

    Raises:
        AssetError: a file does not say what a dataset, chart or dashboard has to.
    """
    problems: list[str] = []
    datasets: dict[str, Dataset] = {}
    charts: dict[str, Chart] = {}
    dashboards: dict[str, Dashboard] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        place = path.parent.name
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            if place == "datasets":
                datasets[path.stem] = Dataset.model_validate(content)
            elif path.stem == DASHBOARD_FILE:
                dashboards[place] = Dashboard.model_validate(content)
            else:
                charts[f"{place}/{path.stem}"] = Chart.model_validate(content)
        except yaml.YAMLError as error:
            problems.append(f"{path.relative_to(folder)}: {error}")
        except ValidationError as error:
            for item in error.errors():
                where = ".".join(str(part) for part in item["loc"]) or "the file"
                problems.append(f"{path.relative_to(folder)}: {where}: {item['msg']}")
    if problems:
        raise AssetError("\n".join(problems))
    return Assets(datasets, charts, dashboards)


def check(assets: Assets) -> None:
    """Check what the files say of each other.

    Raises:
        AssetError: naming each file, what it names, and what there is in its place.
    """
    problems = [*_datasets(assets), *_charts(assets), *_dashboards(assets)]
    if problems:
        raise AssetError("\n".join(problems))


def _charts(assets: Assets) -> Iterator[str]:
    for name, chart in assets.charts.items():
        dataset = assets.datasets.get(chart.dataset)
        if dataset is None:
            yield f"{name}.yaml: there is no dataset {chart.dataset}; there are {_listed(assets.datasets)}"
            continue
        for column in sorted(set(chart.columns()) - set(dataset.columns)):
            yield f"{name}.yaml: {chart.dataset} has no column {column}; it has {_listed(dataset.columns)}"
        for column in sorted(set(chart.widths) - set(chart.columns())):
            yield f"{name}.yaml: widths: it does not show {column}; it shows {_listed(chart.columns())}"
        numbers = [*chart.columns(), *chart.metrics()]
        for number in sorted(set(chart.thresholds) - set(numbers)):
            yield f"{name}.yaml: thresholds: it does not show {number}; it shows {_listed(numbers)}"
        axis = chart.params.get("x_axis")
        if axis in _several(chart.params.get("groupby")):
            yield f"{name}.yaml: groupby: {axis} is the x_axis already; color_by_primary_axis colours by it"
        for metric in chart.metrics():
            if metric not in dataset.metrics:
                yield f"{name}.yaml: {chart.dataset} has no metric {metric}; it has {_listed(dataset.metrics)}"


def _dashboards(assets: Assets) -> Iterator[str]:
    for name, dashboard in assets.dashboards.items():
        file = f"{name}/{DASHBOARD_FILE}.yaml"
        own = _in_folder(assets, name)
        present = own | _in_folder(assets, EVERYWHERE)
        placed = list(dashboard.chart_names())
        for chart in sorted(set(placed) - present):
            yield f"{file}: there is no chart {chart}; there are {_listed(present)}"
        for chart in sorted(own - set(placed)):
            yield f"{name}/{chart}.yaml: no row of {file} shows it"
        for chart in sorted({chart for chart in placed if placed.count(chart) > 1}):
            yield f"{file}: it shows {chart} more than once"
        titles = [assets.charts[assets.full_name(name, chart)].title for chart in placed if chart in present]
        for kind, named in (("chart", titles), ("tab", [tab.title for tab in dashboard.tabs])):
            for title in sorted({title for title in named if named.count(title) > 1}):
                yield f"{file}: more than one {kind} is called {title}"
        for number, row in enumerate(dashboard.all_rows(), start=1):
            width = sum(cell.width for cell in row.cells)
            if width > COLUMNS_OF_A_ROW:
                yield f"{file}: row {number} is {width} wide, and a page is {COLUMNS_OF_A_ROW}"
            for cell in row.cells:
                if (cell.chart is None) == (cell.text is None):
                    yield f"{file}: a cell of row {number} is either a chart or a text"
        yield from _filters(assets, file, dashboard)
    folders = {name.partition("/")[0] for name in assets.charts} - {EVERYWHERE}
    for folder in sorted(folders - set(assets.dashboards)):
        yield f"{folder}: there is no {DASHBOARD_FILE}.yaml"


def _in_folder(assets: Assets, folder: str) -> set[str]:
    return {name.partition("/")[2] for name in assets.charts if name.startswith(f"{folder}/")}


def _filters(assets: Assets, file: str, dashboard: Dashboard) -> Iterator[str]:
    placed = set(dashboard.chart_names())
    for each in dashboard.filters:
        for chart in sorted(set(each.without) - placed):
            yield f"{file}: the filter {each.title} leaves out {chart}, which is not there"
        if each.kind == "dates":
            continue
        dataset = assets.datasets.get(each.dataset or "")
        if dataset is None or each.column not in dataset.columns:
            yield f"{file}: the filter {each.title} has no column: {each.dataset}.{each.column}"
        elif each.sorted_by and each.sorted_by not in dataset.metrics:
            yield f"{file}: the filter {each.title} is sorted by {each.sorted_by}; there are {_listed(dataset.metrics)}"


def _datasets(assets: Assets) -> Iterator[str]:
    for name, dataset in assets.datasets.items():
        named = {
            *dataset.titles,
            *dataset.formats,
            *dataset.descriptions,
            *([dataset.time_column] if dataset.time_column else []),
        }
        for column in sorted(named - set(dataset.columns)):
            yield f"datasets/{name}.yaml: there is no column {column}; it has {_listed(dataset.columns)}"
        for metric, each in dataset.metrics.items():
            if each.format.startswith("$") and "($)" not in each.title:
                yield f"datasets/{name}.yaml: the metric {metric} is money, so its title has to end with ($)"


def _several(names: object) -> list[str]:
    """Return names as a list, also where Superset's parameter takes a single one."""
    return [str(name) for name in names] if isinstance(names, list) else [str(names)] if names else []


def _listed(names: Any) -> str:
    return ", ".join(sorted(names)) or "none"
