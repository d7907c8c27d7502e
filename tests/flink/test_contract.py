"""The job's compiled contract has the names and bounds of the event contract; what they do is tested end to end."""

from __future__ import annotations

import re

import pytest

from supply_chain.orders import event
from supply_chain.settings import REPOSITORY

SOURCES = REPOSITORY / "flink" / "src" / "main" / "java" / "io" / "supplychain" / "stream"


def source(name: str) -> str:
    return (SOURCES / f"{name}.java").read_text(encoding="utf-8")


def members(name: str) -> list[str]:
    """The constants of an enum, in order."""
    body = source(name).partition(f"enum {name} {{")[2].partition(";\n")[0]
    return re.findall(r"^  ([A-Z_]+)\b", body, re.MULTILINE)


def test_the_fields_are_the_same_in_the_same_order():
    assert [name.lower() for name in members("Field")] == list(event.FIELDS)


def test_the_reasons_are_the_same():
    assert [name.lower() for name in members("Reason")] == [reason.value for reason in event.Reason]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("PAYMENT_TYPE", event.PaymentType),
        ("ORDER_STATUS", event.OrderStatus),
        ("DELIVERY_STATUS", event.DeliveryStatus),
        ("SHIPPING_MODE", event.ShippingMode),
    ],
)
def test_the_known_values_are_the_same(field, values):
    (texts,) = re.findall(rf"{field}\(\s*new Text\(\s*Set\.of\(([^)]*)\)", source("Field"))
    assert set(re.findall(r'"([^"]+)"', texts)) == {value.value for value in values}


@pytest.mark.parametrize(
    ("constant", "value"),
    [
        ("MAX_BYTES", event.MAX_BYTES),
        ("MAX_DEPTH", event.MAX_DEPTH),
        ("MAX_TEXT", event.MAX_TEXT),
        ("MAX_MONEY", event.MAX_MONEY),
    ],
)
def test_the_bounds_are_the_same(constant, value):
    (found,) = re.findall(rf"{constant} = ([\d_]+);", source("Contract"))
    assert int(found) == value


@pytest.mark.parametrize("constant", ["FIRST_ORDER_DATE", "LAST_ORDER_DATE"])
def test_the_days_are_the_same(constant):
    (found,) = re.findall(rf"{constant} = LocalDate\.of\((\d+), (\d+), (\d+)\)", source("Contract"))
    assert "{:0>4}-{:0>2}-{:0>2}".format(*found) == getattr(event, constant)


def test_dates_are_written_in_the_same_ways():
    patterns = re.findall(r'(?:DAY|TIME)_PATTERN =\s*"([^\n]*)";', source("Contract"))
    day, time = (pattern.replace("\\\\", "\\") for pattern in patterns)
    assert f"({day}){time}" == event.DATE_PATTERN
