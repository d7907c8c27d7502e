"""The event contract, read a second time: what a message is by the text of :mod:`supply_chain.orders.event`."""

from __future__ import annotations

import json
import re
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

from supply_chain.orders.event import (
    DATE_PATTERN,
    FIELDS,
    FIRST_ORDER_DATE,
    LAST_ORDER_DATE,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_TEXT,
    Date,
    Money,
    Reason,
    Text,
    WholeNumber,
)

if TYPE_CHECKING:
    from collections.abc import Container

    from supply_chain.orders.event import FieldType

_DATE = re.compile(DATE_PATTERN, re.ASCII)
_FIRST_DAY = date.fromisoformat(FIRST_ORDER_DATE)
_LAST_DAY = date.fromisoformat(LAST_ORDER_DATE)
_CENT = Decimal("0.01")
_LONG_DIGITS = 30
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class RejectedError(ValueError):
    """A message does not count; ``field`` is empty where the whole message is at fault."""

    def __init__(self, reason: Reason, field: str = "") -> None:
        super().__init__(reason, field)
        self.reason = reason
        self.field = field


class References(NamedTuple):
    """The ids that order lines may refer to."""

    products: Container[int]
    retailers: Container[int]
    customers: Container[int]


class OrderLine(NamedTuple):
    """What the ledger needs of an order line; money in cents, ``ds`` the day of the order (UTC)."""

    order_item_id: int
    order_id: int
    ds: date
    product_id: int
    retailer_id: int
    customer_id: int
    quantity: int
    sales_cents: int
    profit_cents: int
    order_status: str
    delivery_status: str
    real_shipping_days: int
    scheduled_shipping_days: int
    late_delivery_risk: int


def read_order_line(message: bytes | None, references: References) -> OrderLine:
    """Read one message.

    Args:
        message: its value; None for a tombstone.
        references: what it may refer to.

    Raises:
        RejectedError: with the first reason that applies. Repetition is not seen here: it takes the other messages.
    """
    if message is None:
        raise RejectedError(Reason.NULL_VALUE)
    if len(message) > MAX_BYTES:
        raise RejectedError(Reason.TOO_LARGE)
    values = _read_object(message)
    line = {name: _read_field(name, values, kind) for name, kind in FIELDS.items()}
    for ids, name, reason in (
        (references.products, "product_id", Reason.UNKNOWN_PRODUCT),
        (references.retailers, "retailer_id", Reason.UNKNOWN_RETAILER),
        (references.customers, "customer_id", Reason.UNKNOWN_CUSTOMER),
    ):
        if line[name] not in ids:
            raise RejectedError(reason, name)
    return OrderLine(
        line["order_item_id"],
        line["order_id"],
        line["order_date"],
        line["product_id"],
        line["retailer_id"],
        line["customer_id"],
        line["quantity"],
        line["sales"],
        line["profit"],
        line["order_status"],
        line["delivery_status"],
        line["real_shipping_days"],
        line["scheduled_shipping_days"],
        line["late_delivery_risk"],
    )


def _read_object(message: bytes) -> dict[str, Any]:
    try:
        text = message.decode("utf-8")
    except UnicodeDecodeError:
        raise RejectedError(Reason.WRONG_ENCODING) from None
    try:
        values = _JSON.decode(text)
    except (ValueError, RecursionError):
        raise RejectedError(Reason.NOT_JSON) from None
    if not isinstance(values, dict) or _depth(text) > MAX_DEPTH:
        raise RejectedError(Reason.NOT_JSON)
    return values


def _whole(digits: str) -> int:
    # Python refuses to read very long numbers; beyond every bound, one is as good as another.
    if len(digits) > _LONG_DIGITS:
        significant = digits.lstrip("-").lstrip("0")
        return int(digits) if len(significant) <= _LONG_DIGITS else (-1 if digits[0] == "-" else 1) * 10**_LONG_DIGITS
    return int(digits)


def _fraction(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        # The exponent is beyond what decimals can have: as good as nothing, or beyond every bound.
        significand, exponent = re.split("[eE]", digits)
        if exponent.startswith("-") or not significand.strip("-0."):
            return Decimal(0)
        return Decimal("-Infinity" if digits.startswith("-") else "Infinity")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(text: str) -> int:
    """How many objects and arrays are open at most."""
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return 0
    deepest = depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += (bracket in "[{") - (bracket in "]}")
        deepest = max(deepest, depth)
    return deepest


_JSON = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_no_constant)


def _read_field(name: str, values: dict[str, Any], kind: FieldType) -> Any:
    if name not in values:
        raise RejectedError(Reason.MISSING_FIELD, name)
    value = values[name]
    if value is None:
        raise RejectedError(Reason.NULL_VALUE, name)
    match kind:
        case WholeNumber():
            return _read_whole_number(name, value, kind)
        case Money():
            return _read_cents(name, value, kind)
        case Text():
            return _read_text(name, value, kind)
        case Date():
            return _read_day(name, value)


def _read_whole_number(name: str, value: Any, kind: WholeNumber) -> int:
    if type(value) is not int:
        raise RejectedError(Reason.WRONG_TYPE, name)
    if name == "quantity" and value <= 0:
        raise RejectedError(Reason.QUANTITY_NOT_POSITIVE, name)
    if not kind.minimum <= value <= kind.maximum:
        raise RejectedError(Reason.OUT_OF_RANGE, name)
    return value


def _read_cents(name: str, value: Any, kind: Money) -> int:
    if type(value) is int:
        amount = Decimal(value)
    elif isinstance(value, Decimal):
        amount = value
    else:
        raise RejectedError(Reason.WRONG_TYPE, name)
    # Before rounding, which would need as many digits as the amount has.
    if not kind.minimum - 1 < amount < kind.maximum + 1:
        raise RejectedError(Reason.OUT_OF_RANGE, name)
    amount = amount.quantize(_CENT, ROUND_HALF_UP)
    if not kind.minimum <= amount <= kind.maximum:
        raise RejectedError(Reason.OUT_OF_RANGE, name)
    return int(amount.scaleb(2))


def _read_text(name: str, value: Any, kind: Text) -> str:
    text = _checked(name, value)
    if text not in kind.values if kind.values else not text:
        raise RejectedError(Reason.UNKNOWN_VALUE, name)
    return text


def _read_day(name: str, value: Any) -> date:
    text = _checked(name, value)
    match = _DATE.fullmatch(text)
    if match is None:
        raise RejectedError(Reason.BAD_DATE, name)
    day, minutes, seconds = match.groups()
    try:
        moment = date.fromisoformat(day)
        if minutes:
            time.fromisoformat(f"{minutes}:{seconds or '00'}")
    except ValueError:
        raise RejectedError(Reason.BAD_DATE, name) from None
    if not _FIRST_DAY <= moment <= _LAST_DAY:
        raise RejectedError(Reason.BAD_DATE, name)
    return moment


def _checked(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise RejectedError(Reason.WRONG_TYPE, name)
    if "\0" in value or not _is_unicode(value):
        raise RejectedError(Reason.WRONG_ENCODING, name)
    if len(value) > MAX_TEXT:
        raise RejectedError(Reason.TOO_LARGE, name)
    return value


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
