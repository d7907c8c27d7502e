"""Why a row of the source was not taken."""

from __future__ import annotations

from enum import StrEnum


class RowReason(StrEnum):
    """Why a row of the source was not taken."""

    WRONG_COLUMN_COUNT = "wrong_column_count"
    """More or fewer fields than the header, or a quotation mark that is never closed."""
    WRONG_ENCODING = "wrong_encoding"
    """Bytes that are no text in the file's encoding, or a NUL."""
    MISSING_VALUE = "missing_value"
    """An empty field that must not be empty."""
    NOT_A_NUMBER = "not_a_number"
    """A number was expected."""
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    """A whole number was expected; `725.0` is one."""
    OUT_OF_RANGE = "out_of_range"
    """A number outside its bounds."""
    UNKNOWN_VALUE = "unknown_value"
    """A status, shipping mode or payment type that does not exist."""
    TEXT_TOO_LONG = "text_too_long"
    """A text with more than 256 characters."""
    BAD_DATE = "bad_date"
    """Not a date and time, or outside 2000 to 2049."""
    CONTRADICTION = "contradiction"
    """Two fields of the row that cannot both be right."""
    REPEATED_ORDER_ITEM_ID = "repeated_order_item_id"
    """An earlier row has this order item id."""
