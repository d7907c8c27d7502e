"""The query behind a chart, as Superset's pages would send it: kept with the chart, and asked after publishing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supply_chain.dashboards.assets import Chart, Dataset, Filter

ROWS = 5000


def query_of(chart: Chart, dataset: Dataset, filters: list[Filter]) -> dict[str, Any]:
    """Return a chart's query context, without the id of its dataset, which Superset fills in.

    It asks for the chart's columns and metrics under its own condition, and under what the dashboard's filters say
    before anybody chooses. What the browser adds for the picture, such as totals or a comparison, is left out: whether
    the query can be answered does not depend on it.
    """
    raw = chart.params.get("query_mode") == "raw"
    columns: list[Any] = list(chart.columns())
    axis, grain = chart.params.get("x_axis"), chart.params.get("time_grain_sqla")
    if axis and grain:
        columns.remove(axis)
        columns.insert(0, {
            "columnType": "BASE_AXIS", "sqlExpression": axis, "label": axis, "expressionType": "SQL",
            "timeGrain": grain,
        })  # fmt: skip
    order = [json.loads(each) for each in chart.params.get("order_by_cols") or []]
    query = {
        "columns": columns,
        # A list, even an empty one, would have Superset group: rows are read as they are.
        "metrics": None if raw else chart.metrics(),
        "filters": [
            {"col": each.column, "op": "IN", "val": each.default}
            for each in filters
            if each.default and each.column in dataset.columns
        ],
        "orderby": order,
        "row_limit": int(chart.params.get("row_limit") or ROWS),
        "extras": {"where": f"({chart.where.strip()})" if chart.where else "", "having": ""},
        "granularity": dataset.time_column,
    }
    return {
        "datasource": {"id": None, "type": "table"},
        "force": False,
        "queries": [query],
        "form_data": {"viz_type": chart.viz_type},
        "result_format": "json",
        "result_type": "full",
    }
