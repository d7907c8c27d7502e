"""Every rule of the event contract, as the ledger reads it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from supply_chain.ledger.contract import References, RejectedError, read_order_line
from supply_chain.orders.event import FIELDS, MAX_BYTES, MAX_DEPTH, Reason

REFERENCES = References({365}, {7}, {12_097})
LINE = {
    "order_item_id": 12_345, "order_id": 4_711, "order_date": "2017-03-01T09:30:00+00:00", "product_id": 365,
    "retailer_id": 7, "customer_id": 12_097, "quantity": 3, "unit_price": 59.99, "discount": 5.4, "sales": 179.97,
    "profit": -12.345, "payment_type": "DEBIT", "order_status": "COMPLETE", "delivery_status": "Late delivery",
    "shipping_mode": "Standard Class", "shipping_date": "2017-03-07", "real_shipping_days": 6,
    "scheduled_shipping_days": 4, "late_delivery_risk": 1, "market": "Europe", "order_region": "Western Europe",
    "order_country": "Francia",
}  # fmt: skip


def message(**changes) -> bytes:
    return json.dumps(LINE | changes).encode()


def rejection(value: bytes | None) -> tuple[str, str]:
    with pytest.raises(RejectedError) as caught:
        read_order_line(value, REFERENCES)
    return caught.value.reason, caught.value.field


def test_a_line_is_read_with_money_in_cents_and_its_utc_day():
    line = read_order_line(message(unknown={"nested": [1]}), REFERENCES)
    assert (line.ds, line.quantity, line.sales_cents, line.profit_cents) == (date(2017, 3, 1), 3, 179_97, -12_35)


def test_every_field_is_required_and_none_may_be_null():
    for name in FIELDS:
        without = {field: value for field, value in LINE.items() if field != name}
        assert rejection(json.dumps(without).encode()) == (Reason.MISSING_FIELD, name)
        assert rejection(message(**{name: None})) == (Reason.NULL_VALUE, name)
        assert rejection(message(**{name: [1]})) == (Reason.WRONG_TYPE, name)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.NULL_VALUE),
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"[]", Reason.NOT_JSON),
        (message() + b" {}", Reason.NOT_JSON),
        (b'{"quantity": NaN}', Reason.NOT_JSON),
        (b"\xef\xbb\xbf" + message(), Reason.NOT_JSON),
        (b"[" * 60_000, Reason.NOT_JSON),
        (b'{"x":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", Reason.NOT_JSON),
        (b'{"x":"\xff"}', Reason.WRONG_ENCODING),
        (message().decode().encode("utf-16"), Reason.WRONG_ENCODING),
        (b" " * (MAX_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_the_whole_message(value, reason):
    assert rejection(value) == (reason, "")


def test_a_message_may_be_as_large_and_as_deep_as_the_contract_says():
    deep = b'"x":' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b","
    largest = b"{" + deep + b" " * (MAX_BYTES - len(message()) - len(deep)) + message()[1:]
    assert len(largest) == MAX_BYTES
    assert read_order_line(largest, REFERENCES).quantity == 3


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("quantity", 0, Reason.QUANTITY_NOT_POSITIVE),
        ("quantity", -3, Reason.QUANTITY_NOT_POSITIVE),
        ("quantity", 2.0, Reason.WRONG_TYPE),
        ("quantity", True, Reason.WRONG_TYPE),
        ("quantity", "3", Reason.WRONG_TYPE),
        ("quantity", 1_000_001, Reason.OUT_OF_RANGE),
        ("order_item_id", 2**53, Reason.OUT_OF_RANGE),
        ("late_delivery_risk", 2, Reason.OUT_OF_RANGE),
        ("sales", -0.005, Reason.OUT_OF_RANGE),
        ("sales", 1_000_000_000.005, Reason.OUT_OF_RANGE),
        ("order_status", "SHIPPED", Reason.UNKNOWN_VALUE),
        ("market", "", Reason.UNKNOWN_VALUE),
        ("market", "x" * 257, Reason.TOO_LARGE),
        ("market", "a\0b", Reason.WRONG_ENCODING),
        ("market", "\ud800", Reason.WRONG_ENCODING),
        ("order_date", "2017-02-29", Reason.BAD_DATE),
        ("order_date", "1999-12-31", Reason.BAD_DATE),
        ("order_date", "2050-01-01", Reason.BAD_DATE),
        ("order_date", "2017-03-01T24:00", Reason.BAD_DATE),
        ("order_date", "2017-03-01T09:30:00+01:00", Reason.BAD_DATE),
        ("order_date", "1/3/2017", Reason.BAD_DATE),
        ("product_id", 366, Reason.UNKNOWN_PRODUCT),
        ("retailer_id", 8, Reason.UNKNOWN_RETAILER),
        ("customer_id", 1, Reason.UNKNOWN_CUSTOMER),
    ],
)
def test_a_field(name, value, reason):
    assert rejection(message(**{name: value})) == (reason, name)


@pytest.mark.parametrize(
    ("number", "cents"),
    [("1e-99999999999999999999", 0), ("0e99999999999999999999", 0), ("0.005", 1), ("1e2", 100_00), ("-0.004", 0)],
)
def test_money_may_be_written_in_any_way_that_json_allows(number, cents):
    text = message(sales="?").replace(b'"?"', number.encode())
    assert read_order_line(text, REFERENCES).sales_cents == cents


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999", "9" * 5000])
def test_a_number_beyond_every_bound_is_out_of_range(number):
    text = message(sales="?").replace(b'"?"', number.encode())
    assert rejection(text) == (Reason.OUT_OF_RANGE, "sales")


def test_the_first_reason_in_the_order_of_the_contract_is_given():
    assert rejection(message(product_id=366, quantity=0, order_item_id=0)) == (Reason.OUT_OF_RANGE, "order_item_id")
    assert rejection(message(product_id=366, order_country="")) == (Reason.UNKNOWN_VALUE, "order_country")
