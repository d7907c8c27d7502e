"""The order line event: the contract between the producer, the Flink job and the ledger check.

A message of the topic ``orders`` is one order line: a JSON object in UTF-8 with at least the fields of :data:`FIELDS`;
others are ignored. A message that breaks the contract is not counted. It is kept under the first :class:`Reason` that
applies: reasons of the whole message come first, then those of the fields in the order of :data:`FIELDS` (for each:
missing, null, wrong type, out of range or not a known value, date), then references, then repetition.

The Flink job checks messages in Java (``flink/src``) and the ledger check in Python (:mod:`supply_chain.ledger`): two
implementations of this text on purpose, so that neither can hide the other's mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 65_536
"""A longer message is not an order line."""

MAX_DEPTH = 100
"""Objects and arrays inside each other, the message itself counted; deeper nesting counts as invalid JSON."""

MAX_TEXT = 256
"""A longer text field is not one (characters)."""

MAX_MONEY = 1_000_000_000
"""Largest amount of money of one order line, either sign."""

FIRST_ORDER_DATE = "2000-01-01"
"""Earliest day that an order or a shipment can have (UTC)."""

LAST_ORDER_DATE = "2049-12-31"
"""Latest day that an order or a shipment can have (UTC)."""

DATE_PATTERN = r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|\+00:00)?)?"
"""A day, or a day and a time, in UTC; the whole text must match, with ASCII digits, and be a real day and time."""


class OrderStatus(StrEnum):
    """Where an order stands."""

    CANCELED = "CANCELED"
    CLOSED = "CLOSED"
    COMPLETE = "COMPLETE"
    ON_HOLD = "ON_HOLD"
    PAYMENT_REVIEW = "PAYMENT_REVIEW"
    PENDING = "PENDING"
    PENDING_PAYMENT = "PENDING_PAYMENT"
    PROCESSING = "PROCESSING"
    SUSPECTED_FRAUD = "SUSPECTED_FRAUD"


NO_DEMAND = frozenset({OrderStatus.CANCELED, OrderStatus.SUSPECTED_FRAUD})
"""The one rule of what sells: order lines of these statuses neither take stock nor count as demand."""


class DeliveryStatus(StrEnum):
    """How an order's delivery went."""

    ADVANCE = "Advance shipping"
    LATE = "Late delivery"
    CANCELED = "Shipping canceled"
    ON_TIME = "Shipping on time"


class ShippingMode(StrEnum):
    """How an order is shipped."""

    FIRST_CLASS = "First Class"
    SAME_DAY = "Same Day"
    SECOND_CLASS = "Second Class"
    STANDARD_CLASS = "Standard Class"


class PaymentType(StrEnum):
    """How an order is paid."""

    CASH = "CASH"
    DEBIT = "DEBIT"
    PAYMENT = "PAYMENT"
    TRANSFER = "TRANSFER"


class Reason(StrEnum):
    """Why a message of the topic ``orders`` was not counted."""

    NULL_VALUE = "null_value"
    """No message body (a tombstone), or a field that is null."""
    TOO_LARGE = "too_large"
    """Longer than :data:`MAX_BYTES`, or a text longer than :data:`MAX_TEXT`."""
    WRONG_ENCODING = "wrong_encoding"
    """Not UTF-8, or a text with a NUL or an unpaired surrogate."""
    NOT_JSON = "not_json"
    """Not one JSON object."""
    MISSING_FIELD = "missing_field"
    """A field is absent."""
    WRONG_TYPE = "wrong_type"
    """A whole number, a number or a text was expected; `2.0` is not a whole number."""
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    """The quantity is zero or less."""
    OUT_OF_RANGE = "out_of_range"
    """A number outside its bounds."""
    UNKNOWN_VALUE = "unknown_value"
    """A status, shipping mode or payment type that does not exist, or an empty text."""
    BAD_DATE = "bad_date"
    """Not a date of :data:`DATE_PATTERN`, or outside the days that orders can have."""
    UNKNOWN_PRODUCT = "unknown_product"
    """No such product."""
    UNKNOWN_RETAILER = "unknown_retailer"
    """No such store."""
    UNKNOWN_CUSTOMER = "unknown_customer"
    """No such customer."""
    REPEATED_ORDER_ITEM_ID = "repeated_order_item_id"
    """An order line of this id was counted already."""


@dataclass(frozen=True)
class WholeNumber:
    """A JSON integer within bounds, both included."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Money:
    """A JSON number; rounded half up (away from zero) to cents, then within bounds, both included."""

    minimum: int
    maximum: int = MAX_MONEY


@dataclass(frozen=True)
class Text:
    """A JSON string of 1 to :data:`MAX_TEXT` characters; one of ``values`` where they are given."""

    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Date:
    """A JSON string that matches :data:`DATE_PATTERN`, within the days that orders can have."""


FieldType = WholeNumber | Money | Text | Date

MAX_ID = 2**53 - 1  # What every JSON library keeps exact.

FIELDS: dict[str, FieldType] = {
    "order_item_id": WholeNumber(1, MAX_ID),
    "order_id": WholeNumber(1, MAX_ID),
    "order_date": Date(),
    "product_id": WholeNumber(1, 2**31 - 1),
    "retailer_id": WholeNumber(1, 2**31 - 1),
    "customer_id": WholeNumber(1, MAX_ID),
    "quantity": WholeNumber(1, 1_000_000),
    "unit_price": Money(0),
    "discount": Money(0),
    "sales": Money(0),
    "profit": Money(-MAX_MONEY),
    "payment_type": Text(frozenset(PaymentType)),
    "order_status": Text(frozenset(OrderStatus)),
    "delivery_status": Text(frozenset(DeliveryStatus)),
    "shipping_mode": Text(frozenset(ShippingMode)),
    "shipping_date": Date(),
    "real_shipping_days": WholeNumber(0, 10_000),
    "scheduled_shipping_days": WholeNumber(0, 10_000),
    "late_delivery_risk": WholeNumber(0, 1),
    "market": Text(),
    "order_region": Text(),
    "order_country": Text(),
}
"""The fields of an order line, in the order in which they are checked and written.

``unit_price``, ``discount``, ``sales`` (quantity times unit price, before the discount) and ``profit`` are money.
"""
