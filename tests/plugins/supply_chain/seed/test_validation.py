from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supply_chain.orders.columns import COLUMNS
from supply_chain.seed.source import SourceError, column_positions, prepare_source, read_blocks
from supply_chain.seed.validation import validate


def read(settings, path):
    """Return good rows and rejections of a file."""
    source = prepare_source(settings.model_copy(update={"dataset": path}))
    positions = column_positions(source)
    seen = set()
    blocks = [validate(block, positions, seen) for block in read_blocks(source)]
    return [row for good, _ in blocks for row in good.to_dict("records")], [r for _, bad in blocks for r in bad]


@pytest.fixture
def original(settings, generated):
    good, bad = read(settings, generated)
    assert bad == []
    assert len(good) > 10_000
    return good


def test_each_kind_of_damage_gets_its_reason(settings, damaged, original, tmp_path):
    table, expected = damaged
    good, bad = read(settings, table.write(tmp_path / "damaged.csv"))
    assert len(expected) == 1000
    assert {each.row_number: (each.reason, each.column) for each in bad} == expected
    assert good == [row for row in original if row["row_number"] not in expected]


def test_the_raw_row_is_kept_whole(settings, table, tmp_path):
    table.rows[5][table.column("Sales")] = "lots"
    _, (rejection,) = read(settings, table.write(tmp_path / "one.csv"))
    assert rejection.value == "lots"
    assert rejection.raw.count(",") >= 52
    assert table.rows[5][table.column("Customer Street")] in rejection.raw


def with_zip_codes_as_numbers(table):
    column = table.column("Customer Zipcode")
    for row in table.rows:
        row[column] = f"{row[column]}.0" if row[column] else ""
    return {}


def with_two_digit_years(table):
    for name in ("order date (DateOrders)", "shipping date (DateOrders)"):
        column = table.column(name)
        for row in table.rows:
            row[column] = row[column].replace("/201", "/1", 1)
    return {}


def with_iso_dates(table):
    import pandas as pd

    for name in ("order date (DateOrders)", "shipping date (DateOrders)"):
        column = table.column(name)
        dates = pd.to_datetime([row[column] for row in table.rows], format="%m/%d/%Y %H:%M")
        for row, date in zip(table.rows, dates, strict=True):
            row[column] = date.strftime("%Y-%m-%d %H:%M:%S")
    return {}


@pytest.mark.parametrize(
    "resave",
    [
        lambda table: {"encoding": "utf-8"},
        lambda table: {"encoding": "utf-8-sig"},
        lambda table: {"line_end": "\r\n"},
        lambda table: {"delimiter": ";"},
        with_zip_codes_as_numbers,
        with_two_digit_years,
        with_iso_dates,
    ],
    ids=["utf-8", "byte order mark", "crlf", "semicolon", "zip codes as numbers", "two-digit years", "iso dates"],
)
def test_a_file_that_was_saved_again_reads_the_same(settings, table, original, tmp_path, resave):
    good, bad = read(settings, table.write(tmp_path / "saved again.csv", **resave(table)))
    assert bad == []
    assert good == original


def test_one_stray_quotation_mark_costs_one_row(settings, generated, original, tmp_path):
    lines = generated.read_bytes().splitlines(keepends=True)
    lines[10] = b'"' + lines[10]
    damaged = tmp_path / "stray.csv"
    damaged.write_bytes(b"".join(lines))
    good, bad = read(settings, damaged)
    assert [(each.row_number, each.reason) for each in bad] == [(11, "wrong_column_count")]
    assert len(good) == len(original) - 1


def test_undecodable_bytes_of_a_utf8_file_cost_their_row(settings, table, original, tmp_path):
    table.rows[0][table.column("Order City")] = "Bogotá"
    path = table.write(tmp_path / "utf8.csv", encoding="utf-8")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].replace(b",", b",\xff", 1)
    path.write_bytes(b"".join(lines))
    good, bad = read(settings, path)
    assert [(each.row_number, each.reason) for each in bad] == [(4, "wrong_encoding")]
    assert len(good) == len(original) - 1


@pytest.mark.parametrize("name", ["missing.csv", "empty.csv", "header.csv", "text.csv.gz", "folder"])
def test_what_cannot_be_read_is_named(settings, table, tmp_path, name):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "header.csv").write_text(",".join(table.header) + "\n")
    (tmp_path / "text.csv.gz").write_text("no gzip")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceError, match="DATASET: ") as error:
        prepare_source(settings.model_copy(update={"dataset": tmp_path / name}))
    assert name in str(error.value)


def test_missing_columns_are_named(settings, table, tmp_path):
    table.header[table.column("Sales")] = "Revenue"
    source = prepare_source(settings.model_copy(update={"dataset": table.write(tmp_path / "renamed.csv")}))
    with pytest.raises(SourceError, match="no column 'Sales'"):
        column_positions(source)


@given(st.sampled_from(COLUMNS), st.text(st.characters(exclude_characters="\r\n\0", codec="iso-8859-1"), max_size=300))
def test_nothing_in_a_field_breaks_the_check(settings, generated, tmp_path_factory, column, value):
    """Whatever a field holds, the row is either good or rejected, and the others are good."""
    import csv

    with generated.open(encoding="iso-8859-1", newline="") as file:
        header, *rows = (row for row, _ in zip(csv.reader(file), range(6), strict=False))
    rows[2][header.index(column.header)] = value
    path = tmp_path_factory.mktemp("field") / "field.csv"
    with path.open("w", encoding="iso-8859-1", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    good, bad = read(settings, path)
    assert len(good) + len(bad) == 5
    assert {each.row_number for each in bad} <= {4}
