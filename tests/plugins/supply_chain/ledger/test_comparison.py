"""The ledger's arithmetic and its verdicts, on messages and tables made by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from supply_chain.ledger.comparison import Comparison
from supply_chain.ledger.contract import OrderLine, References
from supply_chain.ledger.recount import Message, Recount, Rejection, Sums
from supply_chain.ledger.tables import Averages, Stock, Tables

DAY = date(2017, 3, 1)
EVENT = {
    "order_item_id": 1, "order_id": 10, "order_date": "2017-03-01", "product_id": 365, "retailer_id": 7,
    "customer_id": 5, "quantity": 3, "unit_price": 10, "discount": 0, "sales": 30.0, "profit": 1.5,
    "payment_type": "CASH", "order_status": "COMPLETE", "delivery_status": "Late delivery",
    "shipping_mode": "First Class", "shipping_date": "2017-03-04", "real_shipping_days": 2,
    "scheduled_shipping_days": 1, "late_delivery_risk": 1, "market": "Europe", "order_region": "West",
    "order_country": "Francia",
}  # fmt: skip
LINE = OrderLine(1, 10, DAY, 365, 7, 5, 3, 30_00, 1_50, "COMPLETE", "Late delivery", 2, 1, 1)
KEY = (DAY, 7, 365, "COMPLETE")
SUMS = Sums(3, 9, 90_00, 4_50, 6, 3, 3, 3, 0, 0, 0)
AVERAGES = Averages(Decimal(2), Decimal(1), Decimal(1))
SOURCE = "abc"
REPEATED = Rejection("repeated_order_item_id", "order_item_id", 400)
RIGHT = Tables(
    inventory={(7, 365): Stock(100, 20, 9, 111), (7, 366): Stock(5, 0, 0, 5)},
    aggregates={KEY: (tuple(SUMS), AVERAGES)},
    rejected_events={(0, 3): Rejection("not_json", "", 4)},
    source=SOURCE,
    acknowledged=3,
)
LINES = {position: LINE._replace(order_item_id=position) for position in (1, 2, 3)}
ALL_COUNTED = {0: 99, 1: 99}


def own(position: int, offset: int, partition: int = 0, **changes) -> Message:
    value = json.dumps(EVENT | {"order_item_id": position} | changes).encode()
    return Message(partition, offset, value, SOURCE, position)


def recount(*extra: Message) -> Recount:
    result = Recount(References({365, 366}, {7}, {5}))
    result.add([own(1, 0), own(2, 1), own(3, 2), Message(0, 3, b"what", None, None), *extra])
    return result


def compare(tables: Tables = RIGHT, *extra: Message, counted_up_to: dict[int, int] = ALL_COUNTED) -> Comparison:
    comparison = Comparison()
    comparison.at(recount(*extra), tables, LINES, counted_up_to)
    return comparison


def differences(comparison: Comparison) -> list[str]:
    assert not comparison.waiting
    return [str(each) for each in comparison.differences.values()]


def test_tables_that_are_right_have_no_difference_and_every_row_is_compared():
    comparison = compare()
    assert differences(comparison) == []
    assert {table: len(rows) for table, rows in comparison.compared.items()} == {
        "inventory": 2,
        "daily_aggregates": 1,
        "rejected_events": 1,
        "orders": 3,
    }


@pytest.mark.parametrize("column", range(len(SUMS)))
def test_every_sum_is_compared(column):
    wrong = list(SUMS)
    wrong[column] += 1
    found = differences(compare(replace(RIGHT, aggregates={KEY: (tuple(wrong), AVERAGES)})))
    name = Sums._fields[column]
    assert len(found) == 1
    assert f"{name} is {wrong[column]} instead of {SUMS[column]}" in found[0]


@pytest.mark.parametrize("column", Averages._fields)
def test_every_average_is_compared(column):
    wrong = AVERAGES._replace(**{column: Decimal("1.5")})
    assert len(differences(compare(replace(RIGHT, aggregates={KEY: (tuple(SUMS), wrong)})))) == 1


@pytest.mark.parametrize(
    ("stock", "words"),
    [
        (Stock(100, 20, 8, 112), "sold_quantity is 8 instead of 9"),
        (Stock(100, 20, 9, 110), "quantity_on_hand is 110 instead of 111"),
        (None, "missing"),
    ],
)
def test_stock_is_compared(stock, words):
    inventory = {(7, 366): Stock(5, 0, 0, 5)} | ({(7, 365): stock} if stock else {})
    (found,) = differences(compare(replace(RIGHT, inventory=inventory)))
    assert words in found


def test_rows_that_should_not_be_there_are_found():
    extra = (date(2017, 3, 2), 7, 365, "COMPLETE")
    tables = replace(
        RIGHT,
        aggregates=RIGHT.aggregates | {extra: (tuple(SUMS), AVERAGES)},
        rejected_events=RIGHT.rejected_events | {(0, 1): Rejection("not_json", "", 4)},
    )
    found = differences(compare(tables))
    assert len(found) == 2
    assert all("should not be there" in each for each in found)


def test_a_rejection_under_another_reason_is_found():
    (found,) = differences(compare(replace(RIGHT, rejected_events={(0, 3): Rejection("null_value", "", 4)})))
    assert "reason is null_value instead of not_json" in found


def test_lines_that_are_lost_doubled_or_altered_on_the_way_to_the_topic_are_found():
    lost = differences(compare(replace(RIGHT, acknowledged=4)))
    assert [each.split(":")[0] for each in lost] == ["orders (position=4)"]
    repeated = replace(RIGHT, rejected_events=RIGHT.rejected_events | {(0, 4): REPEATED})
    doubled = differences(compare(repeated, own(3, 4)))
    assert [each.split(":")[0] for each in doubled] == ["orders (position=3)"]
    altered = Comparison()
    altered.at(recount(), RIGHT, LINES | {2: LINES[2]._replace(quantity=4)}, ALL_COUNTED)
    assert [each.split(":")[0] for each in differences(altered)] == ["orders (position=2)"]


def foreign(item: int, offset: int, partition: int, **changes) -> Message:
    return own(item, offset, partition, **changes)._replace(source=None, source_position=None)


def test_of_a_repeated_id_the_message_counts_that_the_stream_did_not_reject():
    again = foreign(3, 0, partition=1, quantity=30, sales=300)
    first_counts = replace(RIGHT, rejected_events=RIGHT.rejected_events | {(1, 0): REPEATED})
    assert differences(compare(first_counts, again)) == []
    sums = SUMS._replace(total_item_quantity=36, total_sales_cents=360_00)
    last_counts = replace(
        RIGHT,
        inventory=RIGHT.inventory | {(7, 365): Stock(100, 20, 36, 84)},
        aggregates={KEY: (tuple(sums), AVERAGES)},
        rejected_events=RIGHT.rejected_events | {(0, 2): REPEATED},
    )
    assert differences(compare(last_counts, again)) == []
    neither = replace(RIGHT, rejected_events=RIGHT.rejected_events | {(1, 0): REPEATED, (0, 2): REPEATED})
    assert any("of all that carry it" in each for each in differences(compare(neither, again)))


def test_rows_that_move_wait_for_a_later_cut():
    behind = {0: 2}
    older = SUMS._replace(order_lines=2, total_item_quantity=6)
    moving = replace(RIGHT, aggregates={KEY: (tuple(older), AVERAGES)})
    comparison = compare(moving, counted_up_to=behind)
    assert comparison.waiting == {("inventory", (7, 365)), ("daily_aggregates", KEY)}
    assert comparison.differences == {}
    comparison.at(recount(), RIGHT, LINES, ALL_COUNTED)
    assert differences(comparison) == []


def test_a_rejection_that_never_comes_is_missing():
    comparison = compare(replace(RIGHT, rejected_events={}))
    assert comparison.waiting == {("rejected_events", (0, 3))}
    comparison.give_up_waiting(recount())
    (found,) = comparison.differences.values()
    assert "missing, expected reason=not_json" in str(found)
