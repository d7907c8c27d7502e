"""The check of every row: a block of records becomes typed columns, and rows that do not fit are set apart."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from supply_chain.orders.columns import COLUMNS, Column, Moment, Number, Text, Whole, ZipCode
from supply_chain.orders.event import FIRST_ORDER_DATE, LAST_ORDER_DATE, MAX_TEXT
from supply_chain.seed.reasons import RowReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from supply_chain.seed.source import Block

    Values = NDArray[Any]
    Mask = NDArray[np.bool_]

DATE_FORMATS = (
    "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d", "%m/%d/%Y",
)  # fmt: skip
"""How the original writes dates, then how spreadsheets and other programs write them again."""

EARLIEST = pd.Timestamp(FIRST_ORDER_DATE)
BEYOND = pd.Timestamp(LAST_ORDER_DATE) + pd.Timedelta(days=1)

AMOUNT_TOLERANCE = 0.05
"""How far sales may be from quantity times price: both are printed from binary fractions of seven digits."""


@dataclass(frozen=True)
class Rejection:
    """A row that was not taken: where it stands, why, the column at fault and its value, and the whole row."""

    row_number: int
    reason: RowReason
    column: str
    value: str
    detail: str
    raw: str


@dataclass
class _Rows:
    """The rows of a block while they are checked: the first fault of each row counts."""

    row_numbers: NDArray[np.int64]
    records: list[list[str]]
    sound: Mask
    rejections: list[Rejection] = field(default_factory=list)

    def reject(self, faulty: Mask, reason: RowReason, column: str, values: Values, detail: str) -> None:
        """Set rows apart, unless they are already."""
        for index in np.flatnonzero(faulty & self.sound):
            raw = _as_csv(self.records[index])
            number = int(self.row_numbers[index])
            self.rejections.append(Rejection(number, reason, column, str(values[index]), detail, raw))
        self.sound &= ~faulty


def validate(block: Block, positions: Mapping[str, int], seen: set[int]) -> tuple[pd.DataFrame, list[Rejection]]:
    """Check the rows of a block.

    Args:
        block: the records of a block.
        positions: where each column of ``COLUMNS`` stands, by name.
        seen: order item ids of the good rows before; those of this block are added.

    Returns:
        The good rows, one column for each of ``COLUMNS`` and ``row_number``: whole numbers, dates without zone (UTC),
        texts with single spaces; numbers with decimals stay the texts that they were. And the rejections, in row order.
    """
    rows = _Rows(np.array(block.row_numbers, dtype=np.int64), block.records, np.ones(len(block.records), dtype=bool))
    transposed = list(zip(*block.records, strict=True)) if block.records else [()] * (max(positions.values()) + 1)
    typed: dict[str, Any] = {"row_number": rows.row_numbers}
    for column in COLUMNS:
        values = np.array(transposed[positions[column.name]], dtype=object)
        typed[column.name] = _check(rows, column, values)
    _check_contradictions(rows, typed)
    _check_repetition(rows, typed["order_item_id"], seen)
    rows.rejections += [Rejection(bad.row_number, bad.reason, "", "", bad.detail, bad.raw) for bad in block.bad]
    rows.rejections.sort(key=lambda rejection: rejection.row_number)
    return pd.DataFrame(typed)[rows.sound], rows.rejections


def _check(rows: _Rows, column: Column, values: Values) -> Any:
    match column.holds:
        case Text() as text:
            return _check_text(rows, column.header, values, text)
        case Whole() as whole:
            return _check_whole(rows, column.header, values, whole)
        case Number() as number:
            return _check_number(rows, column.header, values, number)
        case Moment():
            return _check_moment(rows, column.header, values)
        case ZipCode():
            return _distinct(values, lambda code: " ".join(code.split()).removesuffix(".0"))


def _check_text(rows: _Rows, header: str, values: Values, text: Text) -> Values:
    cleaned = _distinct(values, lambda value: " ".join(value.split()))
    if not text.may_be_empty:
        rows.reject(cleaned == "", RowReason.MISSING_VALUE, header, values, "a text is expected")
    lengths = _distinct(cleaned, len)
    rows.reject(lengths > MAX_TEXT, RowReason.TEXT_TOO_LONG, header, values, f"at most {MAX_TEXT} characters")
    if text.values:
        known = _distinct(cleaned, text.values.__contains__).astype(bool)
        rows.reject(~known, RowReason.UNKNOWN_VALUE, header, values, f"one of {', '.join(sorted(text.values))}")
    return cleaned


def _check_whole(rows: _Rows, header: str, values: Values, whole: Whole) -> NDArray[np.int64]:
    numbers = _numbers(rows, header, values)
    fractional = np.isfinite(numbers) & (numbers != np.floor(numbers))
    rows.reject(fractional, RowReason.NOT_A_WHOLE_NUMBER, header, values, "a whole number is expected")
    within = (numbers >= whole.minimum) & (numbers <= whole.maximum)
    detail = f"between {whole.minimum} and {whole.maximum}"
    rows.reject(~within, RowReason.OUT_OF_RANGE, header, values, detail)
    return np.where(within, numbers, 0).astype(np.int64)


def _check_number(rows: _Rows, header: str, values: Values, number: Number) -> Values:
    numbers = _numbers(rows, header, values)
    within = (numbers >= number.minimum) & (numbers <= number.maximum)
    detail = f"between {number.minimum} and {number.maximum}"
    rows.reject(~within, RowReason.OUT_OF_RANGE, header, values, detail)
    return _distinct(values, str.strip)


def _numbers(rows: _Rows, header: str, values: Values) -> NDArray[np.float64]:
    """Read numbers; rows without one are set apart, and get NaN."""
    numbers = _floats(values)
    unread = ~np.isfinite(numbers)
    if unread.any():
        empty = unread & np.array([not value.strip() for value in values], dtype=bool)
        rows.reject(empty, RowReason.MISSING_VALUE, header, values, "a number is expected")
        rows.reject(unread, RowReason.NOT_A_NUMBER, header, values, "a number is expected")
        numbers[unread] = np.nan
    return numbers


def _floats(values: Values) -> NDArray[np.float64]:
    """Read numbers as far as possible, NaN where there is none."""
    try:
        # Several times as fast, and all or nothing.
        return np.array(pa.array(values, pa.string()).cast(pa.float64()))
    except pa.ArrowInvalid:
        return pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(np.float64, copy=True)


def _check_moment(rows: _Rows, header: str, values: Values) -> Values:
    codes, distinct = pd.factorize(values)
    moments = _parse_moments(pd.Series(distinct, dtype=object).str.strip()).to_numpy()[codes]
    empty = np.array([not value.strip() for value in distinct], dtype=bool)[codes]
    rows.reject(empty, RowReason.MISSING_VALUE, header, values, "a date is expected")
    rows.reject(pd.isna(moments), RowReason.BAD_DATE, header, values, "month/day/year hour:minute is expected")
    absurd = (moments < EARLIEST.to_datetime64()) | (moments >= BEYOND.to_datetime64())
    rows.reject(absurd, RowReason.BAD_DATE, header, values, f"between {FIRST_ORDER_DATE} and {LAST_ORDER_DATE}")
    return moments


def _parse_moments(texts: pd.Series) -> pd.Series:
    moments = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]")
    for date_format in DATE_FORMATS:
        left = moments.isna()
        if not left.any():
            break
        parsed = pd.to_datetime(texts[left], format=date_format, errors="coerce")
        moments[left] = parsed.astype("datetime64[s]")
    return moments


def _check_contradictions(rows: _Rows, typed: Mapping[str, Any]) -> None:
    rows.reject(
        typed["order_customer_id"] != typed["customer_id"],
        RowReason.CONTRADICTION,
        "Order Customer Id",
        typed["order_customer_id"],
        "it must be the Customer Id",
    )
    rows.reject(
        typed["order_item_product_id"] != typed["product_id"],
        RowReason.CONTRADICTION,
        "Order Item Cardprod Id",
        typed["order_item_product_id"],
        "it must be the Product Card Id",
    )
    rows.reject(
        typed["shipping_date"] < typed["order_date"],
        RowReason.CONTRADICTION,
        "shipping date (DateOrders)",
        typed["shipping_date"],
        "an order is not shipped before it is placed",
    )
    price, sales = (pd.to_numeric(typed[name], errors="coerce") for name in ("unit_price", "sales"))
    apart = np.abs(price * typed["quantity"] - sales) > AMOUNT_TOLERANCE
    detail = "it must be quantity times price"
    rows.reject(apart, RowReason.CONTRADICTION, "Sales", typed["sales"], detail)


def _check_repetition(rows: _Rows, ids: NDArray[np.int64], seen: set[int]) -> None:
    repeated = np.zeros(len(ids), dtype=bool)
    for index in np.flatnonzero(rows.sound):
        identifier = int(ids[index])
        repeated[index] = identifier in seen
        seen.add(identifier)
    detail = "an earlier row has this id"
    rows.reject(repeated, RowReason.REPEATED_ORDER_ITEM_ID, "Order Item Id", ids, detail)


def _distinct(values: Values, function: Any) -> Values:
    """Apply a function to each distinct value once: columns of order lines repeat few values."""
    codes, distinct = pd.factorize(values)
    results = np.empty(len(distinct), dtype=object)
    results[:] = [function(value) for value in distinct]
    return results[codes]


def _as_csv(record: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(record)
    return buffer.getvalue()
