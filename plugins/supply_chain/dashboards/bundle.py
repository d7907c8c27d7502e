"""What Superset imports: its own format, made from the files of :mod:`.assets`.

The format is that of Superset's exports (``metadata.yaml``, ``databases/``, ``datasets/``, ``charts/``,
``dashboards/``, linked by UUID). The files here leave out what is the same everywhere, and places are written as rows.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid5

import yaml

from supply_chain.dashboards import colours
from supply_chain.dashboards.assets import ASSETS, NAMESPACE
from supply_chain.dashboards.queries import query_of
from supply_chain.database import DATABASE, Role

if TYPE_CHECKING:
    from supply_chain.dashboards.assets import Assets, Chart, Dashboard, Dataset, Filter, Row
    from supply_chain.settings import Settings

DATABASE_UUID = str(uuid5(NAMESPACE, "database"))
DATABASE_NAME = "Supply chain"
SCHEMA = "dashboards"
DIGEST = "source_digest"
"""Where a dashboard's metadata says from which files it was made."""

CSS = ASSETS / "dashboard.css"
VERSION = "1.0.0"
TIMES = ("DATE", "TIMESTAMP")
FORMATS = {
    "echarts_area": "y_axis_format",
    "echarts_timeseries_bar": "y_axis_format",
    "echarts_timeseries_line": "y_axis_format",
    "heatmap_v2": "y_axis_format",
    "mixed_timeseries": "y_axis_format",
    "pie": "number_format",
    "treemap_v2": "number_format",
    "world_map": "y_axis_format",
}
"""The parameter for the format of a picture's numbers, by kind; a table takes the metrics' own."""

CATEGORIES = {"xAxisLabelInterval": "0", "legendType": "plain"}
LOOKS: dict[str, dict[str, Any]] = {
    "echarts_area": {"legendType": "plain"},
    "echarts_timeseries_bar": CATEGORIES,
    "echarts_timeseries_line": {"legendType": "plain"},
    "mixed_timeseries": CATEGORIES,
    "table": {"show_cell_bars": False},
}  # fmt: skip
"""What all pictures of a kind have in common."""

HIGHEST_VALUE = 2
"""What Superset calls a range filter that takes the upper limit alone."""

AXES = ("echarts_area", "echarts_timeseries_bar", "echarts_timeseries_line", "mixed_timeseries")
AXIS_OF_MONEY = "$,.3~s"
"""Short, so that it fits beside the axis: $1.2M."""

TIMES_OF_AXES = {"P1D": ("%-d %b", "%-d %b %Y"), "P1M": ("%b '%y", "%b %Y")}
"""By the grain: on the axis, short enough to stand side by side, and in the tooltip."""

TIME_FORMATS = {"DATE": "%Y-%m-%d", "TIMESTAMP WITH TIME ZONE": "%Y-%m-%d %H:%M:%S"}


def build(assets: Assets, settings: Settings) -> dict[str, str]:
    """Return the files of the import by their paths.

    Args:
        assets: checked files.
        settings: where PostgreSQL is. No password is in the result: Superset finds it by ``PGPASSFILE``.
    """
    files: dict[str, dict[str, Any]] = {"databases/supply_chain.yaml": _database(settings)}
    for name, dataset in assets.datasets.items():
        files[f"datasets/supply_chain/{name}.yaml"] = _dataset(dataset, str(assets.uuids[f"dataset/{name}"]))
    for name, chart in assets.charts.items():
        files[f"charts/{name.replace('/', '_')}.yaml"] = _chart(assets, name, chart)
    for name, dashboard in assets.dashboards.items():
        files[f"dashboards/{name}.yaml"] = _dashboard(assets, name, dashboard, settings)
    digest = _digest(files)
    for name in assets.dashboards:
        files[f"dashboards/{name}.yaml"]["metadata"][DIGEST] = digest
    files["metadata.yaml"] = {"version": VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
    return {path: yaml.safe_dump(content, sort_keys=False, allow_unicode=True) for path, content in files.items()}


def digest_of(files: dict[str, str], assets: Assets) -> str:
    """Return the digest that :func:`build` has written into every dashboard."""
    first = next(iter(assets.dashboards))
    return str(yaml.safe_load(files[f"dashboards/{first}.yaml"])["metadata"][DIGEST])


def zipped(files: dict[str, str]) -> bytes:
    """Pack the files as Superset wants them: below one folder."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"supply_chain/{path}", content)
    return packed.getvalue()


def _digest(files: dict[str, dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def _database(settings: Settings) -> dict[str, Any]:
    address = f"{settings.postgres_host}:{settings.postgres_port}/{DATABASE}"
    session = {"timezone": "UTC", "statement_timeout": "30s", "work_mem": "64MB"}
    refused = ("allow_run_async", "allow_ctas", "allow_cvas", "allow_dml", "allow_file_upload", "expose_in_sqllab")
    return {
        "database_name": DATABASE_NAME,
        "sqlalchemy_uri": f"postgresql+psycopg2://{Role.READER.login}@{address}",
        "cache_timeout": None,
        **dict.fromkeys(refused, False),
        "extra": {
            "engine_params": {
                "connect_args": {
                    "application_name": "superset",
                    "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
                }
            }
        },
        "uuid": DATABASE_UUID,
        "version": VERSION,
    }


def rounded(sql: str, number_format: str) -> str:
    """Return an expression that gives a number with the digits that its d3 format shows.

    A download has the query's values, so they are rounded there: to the cent where the format writes a short form such
    as 1.2M, and else to the last digit that is shown.
    """
    found = re.search(r"\.(\d+)~?([f%])", number_format)
    if number_format.endswith("s"):
        digits = 2
    elif found:
        digits = int(found[1]) + (2 if found[2] == "%" else 0)
    else:
        digits = 0
    return f"round(({sql})::numeric, {digits})" if digits else f"round(({sql})::numeric)::bigint"


def _dataset(dataset: Dataset, uuid: str) -> dict[str, Any]:
    columns = [
        {
            "column_name": name,
            "verbose_name": dataset.title(name),
            "description": dataset.descriptions.get(name),
            "type": kind,
            "expression": rounded(name, dataset.formats[name]) if name in dataset.formats else None,
            "is_dttm": kind.startswith(TIMES),
            "is_active": True,
            "groupby": True,
            "filterable": True,
        }
        for name, kind in dataset.columns.items()
    ]
    metrics = [
        {
            "metric_name": name,
            "verbose_name": metric.title,
            "expression": rounded(metric.sql.strip(), metric.format),
            "description": metric.description,
            "d3format": metric.format,
        }
        for name, metric in dataset.metrics.items()
    ]
    return {
        "table_name": dataset.view,
        "schema": SCHEMA,
        "catalog": DATABASE,
        "description": dataset.description,
        "main_dttm_col": dataset.time_column,
        "cache_timeout": dataset.cache_seconds,
        "columns": columns,
        "metrics": metrics,
        "uuid": uuid,
        "version": VERSION,
        "database_uuid": DATABASE_UUID,
        "is_managed_externally": True,
    }


def filters_of(chart: Chart, dataset: Dataset) -> list[dict[str, Any]]:
    """Return a chart's own conditions; the one on time takes up the date range that people choose."""
    found: list[dict[str, Any]] = []
    if dataset.time_column:
        found.append({
            "clause": "WHERE", "expressionType": "SIMPLE", "subject": dataset.time_column,
            "operator": "TEMPORAL_RANGE", "comparator": "No filter",
        })  # fmt: skip
    if chart.where:
        found.append({"clause": "WHERE", "expressionType": "SQL", "sqlExpression": chart.where.strip()})
    return found


def _chart(assets: Assets, name: str, chart: Chart) -> dict[str, Any]:
    dataset = assets.datasets[chart.dataset]
    uuid = str(assets.uuids[f"chart/{name}"])
    return {
        "slice_name": chart.title,
        "description": chart.description,
        "viz_type": chart.viz_type,
        "params": {
            "viz_type": chart.viz_type,
            "adhoc_filters": filters_of(chart, dataset),
            "extra_form_data": {},
            "color_scheme": colours.SCHEME,
            **LOOKS.get(chart.viz_type, {}),
            **_thresholds_of(chart),
            **_formats_of(chart, dataset),
            **chart.params,
        },
        "query_context": json.dumps(query_of(chart, dataset, assets.filters_on(name))),
        "cache_timeout": dataset.cache_seconds,
        "uuid": uuid,
        "version": VERSION,
        "dataset_uuid": str(assets.uuids[f"dataset/{chart.dataset}"]),
        "is_managed_externally": True,
    }


def _thresholds_of(chart: Chart) -> dict[str, Any]:
    """Colour numbers by how good they are; Superset takes the last condition that holds."""
    if not chart.thresholds:
        return {}
    chosen = colours.read()
    conditions = []
    for number, limits in chart.thresholds.items():
        above, below = ("\u2265", "<") if limits.warning <= limits.bad else ("\u2264", ">")
        conditions += [
            (number, below, limits.warning, chosen.good),
            (number, above, limits.warning, chosen.warning),
            (number, above, limits.bad, chosen.bad),
        ]
    return {
        "conditional_formatting": [
            {"column": number, "operator": operator, "targetValue": limit, "colorScheme": colour}
            for number, operator, limit, colour in conditions
        ]
    }


def _formats_of(chart: Chart, dataset: Dataset) -> dict[str, Any]:
    """Say once, with the dataset, how a number is written; each kind of picture has its own name for that."""
    if chart.viz_type == "table":
        numbers = {column: {"d3NumberFormat": each} for column, each in dataset.formats.items()}
        times = {
            column: {"d3TimeFormat": chart.params.get("table_timestamp_format", TIME_FORMATS[kind])}
            for column, kind in dataset.columns.items()
            if kind in TIME_FORMATS
        }
        config = {column: each for column, each in (numbers | times).items() if column in chart.columns()}
        for column, width in chart.widths.items():
            config[column] = {**config.get(column, {}), "columnWidth": width}
        return {"column_config": config}
    parameter = FORMATS.get(chart.viz_type)
    metrics = chart.metrics()
    found: dict[str, Any] = {}
    if parameter and metrics:
        number = dataset.metrics[metrics[0]].format
        found[parameter] = AXIS_OF_MONEY if chart.viz_type in AXES and number.startswith("$") else number
    if chart.viz_type in AXES:
        if shown_as := TIMES_OF_AXES.get(str(chart.params.get("time_grain_sqla"))):
            found |= zip(("x_axis_time_format", "tooltipTimeFormat"), shown_as, strict=True)
        # A legend of one name says what the title says.
        found["show_legend"] = len(metrics) > 1 or bool(chart.params.get("groupby"))
    return found


def _dashboard(assets: Assets, name: str, dashboard: Dashboard, settings: Settings) -> dict[str, Any]:
    return {
        "dashboard_title": dashboard.title,
        "description": dashboard.description,
        "slug": dashboard.slug,
        "css": CSS.read_text(encoding="utf-8"),
        "published": True,
        "uuid": str(assets.uuids[f"dashboard/{name}"]),
        "version": VERSION,
        "is_managed_externally": True,
        "position": _position(assets, name, dashboard, settings),
        "metadata": {
            "color_scheme": colours.SCHEME,
            "label_colors": _label_colours(assets),
            # Every chart says what it shows.
            "expanded_slices": {str(number): True for number in _chart_ids(dashboard).values()},
            "cross_filters_enabled": True,
            "refresh_frequency": dashboard.refresh_seconds,
            # All charts at once: spread over the time between two refreshes, the last would be that late.
            "stagger_refresh": False,
            "native_filter_configuration": [_filter(assets, name, dashboard, each) for each in dashboard.filters],
        },
    }


def _label_colours(assets: Assets) -> dict[str, str]:
    """Return the colours by what Superset knows a line or a bar by: a value, a metric's title, a metric's name."""
    chosen = colours.read()
    names = {
        name: chosen.metrics[metric.title]
        for dataset in assets.datasets.values()
        for name, metric in dataset.metrics.items()
        if metric.title in chosen.metrics
    }
    return names | chosen.by_label()


def _position(assets: Assets, name: str, dashboard: Dashboard, settings: Settings) -> dict[str, Any]:
    """Return the tree of places: rows in the grid, and below them tabs with rows of their own."""
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": []},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard.title}},
    }
    chart_ids = _chart_ids(dashboard)

    def place(kind: str, place_id: str, parents: list[str], meta: dict[str, Any] | None = None) -> list[str]:
        """Put something into the last of its parents, and return the path to it."""
        position[parents[-1]]["children"].append(place_id)
        position[place_id] = {"type": kind, "id": place_id, "children": [], "parents": parents, "meta": meta or {}}
        return [*parents, place_id]

    def place_rows(rows: list[Row], parents: list[str], prefix: str) -> None:
        for number, row in enumerate(rows):
            path = place("ROW", f"ROW-{prefix}{number}", parents, {"background": "BACKGROUND_TRANSPARENT"})
            for cell_number, cell in enumerate(row.cells):
                meta: dict[str, Any] = {"width": cell.width, "height": row.height}
                if cell.chart:
                    full = assets.full_name(name, cell.chart)
                    meta |= {
                        "uuid": str(assets.uuids[f"chart/{full}"]),
                        "chartId": chart_ids[cell.chart],
                        "sliceName": assets.charts[full].title,
                    }
                else:
                    meta |= {"code": _text(cell.text or "", settings)}
                kind = "CHART" if cell.chart else "MARKDOWN"
                place(kind, f"{kind}-{prefix}{number}-{cell_number}", path, meta)

    grid = place("GRID", "GRID_ID", ["ROOT_ID"])
    place_rows(dashboard.rows, grid, "")
    if dashboard.tabs:
        tabs = place("TABS", "TABS-0", grid)
        for number, tab in enumerate(dashboard.tabs):
            place_rows(tab.rows, place("TAB", f"TAB-{number}", tabs, {"text": tab.title}), f"{number}-")
    return position


def _chart_ids(dashboard: Dashboard) -> dict[str, int]:
    """Number the charts; Superset puts its own numbers in their place, and before that they only have to differ."""
    return {chart: number for number, chart in enumerate(dashboard.chart_names(), start=1)}


def _text(text: str, settings: Settings) -> str:
    return text.replace("{airflow_url}", settings.airflow_page_url)


def filter_id(dashboard: str, chosen: Filter) -> str:
    """Return the id by which Superset knows a filter of a dashboard."""
    return f"NATIVE_FILTER-{dashboard}-{chosen.title.lower().replace(' ', '-')}"


def choice(column: str, values: list[str]) -> dict[str, Any]:
    """Return the state of a filter in which values are chosen."""
    return {
        "extraFormData": {"filters": [{"col": column, "op": "IN", "val": values}]},
        "filterState": {"value": values},
    }


def _narrowing(assets: Assets, dashboard: Dashboard, chosen: Filter) -> list[Filter]:
    """Return the filters above this one that narrow what it offers: those of a column that its dataset has too."""
    above = dashboard.filters[: dashboard.filters.index(chosen)]
    dataset = assets.datasets[chosen.dataset] if chosen.dataset else None
    return [each for each in above if dataset and each.column and each.column in dataset.columns]


def _filter(assets: Assets, name: str, dashboard: Dashboard, chosen: Filter) -> dict[str, Any]:
    chart_ids = _chart_ids(dashboard)
    found: dict[str, Any] = {
        "id": filter_id(name, chosen),
        "type": "NATIVE_FILTER",
        "name": chosen.title,
        "description": "",
        "cascadeParentIds": [filter_id(name, each) for each in _narrowing(assets, dashboard, chosen)],
        "scope": {
            "rootPath": ["ROOT_ID"],
            "excluded": [
                chart_ids[chart] for chart in dashboard.chart_names() if not assets.reaches(name, chosen, chart)
            ],
        },
        "chartsInScope": [],
        "tabsInScope": [],
    }
    nothing: dict[str, Any] = {"extraFormData": {}, "filterState": {}}
    if chosen.kind == "dates":
        return found | {
            "filterType": "filter_time",
            "targets": [{}],
            "defaultDataMask": {
                "extraFormData": {"time_range": chosen.default_range},
                "filterState": {"value": chosen.default_range},
            }
            if chosen.default_range
            else nothing,
            "controlValues": {"enableEmptyFilter": False},
        }
    found["targets"] = [{
        "datasetUuid": str(assets.uuids[f"dataset/{chosen.dataset}"]), "column": {"name": chosen.column},
    }]  # fmt: skip
    if chosen.kind == "at_most":
        return found | {
            "filterType": "filter_range",
            "defaultDataMask": nothing,
            "controlValues": {
                "enableEmptyFilter": False, "enableSingleValue": HIGHEST_VALUE, "rangeDisplayMode": "input",
            },
        }  # fmt: skip
    return found | {
        "filterType": "filter_select",
        "defaultDataMask": choice(str(chosen.column), chosen.default) if chosen.default else nothing,
        "controlValues": {
            "enableEmptyFilter": bool(chosen.default),
            "multiSelect": chosen.several,
            "searchAllOptions": True,
            **({"sortAscending": False} if chosen.newest_first or chosen.sorted_by else {}),
            **({"sortMetric": chosen.sorted_by} if chosen.sorted_by else {}),
            "inverseSelection": False,
        },
    }  # fmt: skip
