"""A foreign producer puts anything on the topic: nothing stops, each message is counted under its reason."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from supply_chain.stream.flink_job import JOB_NAME
from supply_chain.stream.flink_rest import FlinkCluster
from tests.waiting import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

PER_KIND = 100


@pytest.fixture
def event(platform):
    """A good order line of an id that the source does not have."""
    ((row,),) = platform.query("SELECT to_json(order_lines) FROM order_lines WHERE position = 1")
    fields = {name: value for name, value in row.items() if name not in {"position", "location_id"}}
    return fields | {"order_item_id": 900_000_000, "order_id": 900_000_000}


def damaged(event: dict) -> dict[str, bytes | None]:
    """One message of each of the ten kinds, by the reason under which it must be counted."""
    without = {name: value for name, value in event.items() if name != "product_id"}
    return {
        "not_json": b"order 4711: three pairs of shoes",
        "missing_field": json.dumps(without).encode(),
        "wrong_type": json.dumps(event | {"quantity": "three"}).encode(),
        "quantity_not_positive": json.dumps(event | {"quantity": -3}).encode(),
        "unknown_product": json.dumps(event | {"product_id": 999_999}).encode(),
        "bad_date": json.dumps(event | {"order_date": "1017-02-30"}).encode(),
        "too_large": json.dumps(event | {"order_country": "x" * 1_000_000}).encode(),
        "null_value": None,
        "repeated_order_item_id": json.dumps(event | {"order_item_id": 1}).encode(),
        "wrong_encoding": json.dumps(event | {"order_country": "Türkei"}, ensure_ascii=False).encode("iso-8859-1"),
    }


def reasons(platform) -> Counter:
    return Counter(dict(platform.query("SELECT reason, count(*) FROM rejected_events GROUP BY reason")))


def rejected_within(platform, expected: Counter, seconds: float = 90) -> Counter:
    @eventually(seconds, every=1)
    def look() -> Counter:
        found = reasons(platform)
        assert found == expected, found - expected
        return found

    return look()


def test_ten_kinds_of_damage_are_counted_under_their_reasons_and_stop_nothing(platform, event):
    cluster = FlinkCluster(platform.settings)
    job = cluster.find_job(JOB_NAME)
    failures = len(cluster.exceptions(job.job_id))
    before = reasons(platform)
    ((item,),) = platform.query("SELECT min(order_item_id) FROM order_lines WHERE position < 1000")
    messages = damaged(event)
    messages["repeated_order_item_id"] = json.dumps(event | {"order_item_id": item}).encode()
    assert len(messages) == 10
    platform.produce((b"%d" % number, value) for number in range(PER_KIND) for value in messages.values())
    rejected_within(platform, before + Counter(dict.fromkeys(messages, PER_KIND)))
    still = cluster.find_job(JOB_NAME)
    assert (still.job_id, still.state) == (job.job_id, "RUNNING")
    assert len(cluster.exceptions(job.job_id)) == failures
    platform.verify()


def test_a_foreign_order_line_that_keeps_the_contract_counts_once(platform, event):
    before = reasons(platform)
    line = json.dumps(event | {"order_item_id": 900_000_001, "order_date": "2015-01-01"}).encode()
    platform.produce([(b"a", line), (b"b", line), (b"c", line)])
    rejected_within(platform, before + Counter(repeated_order_item_id=2))
    key = (event["retailer_id"], event["product_id"], event["order_status"])
    found = platform.query(
        "SELECT order_lines FROM daily_aggregates WHERE ds = '2015-01-01' AND"
        f" (retailer_id, product_id, order_status) = ({key[0]}, {key[1]}, '{key[2]}')"
    )
    assert found
    platform.verify()


def mutations(event: dict, generator: random.Random) -> list[bytes]:
    """Messages that are almost right, in every way that the contract speaks of, and in some that it does not."""
    values = [
        None, True, 0, -1, 1, 1.0, 1.5, 1e300, 10**30, 2**53, 2**31, "", " ", "x", "1", "x" * 256, "x" * 257, "ä" * 256,
        "\0", "\ud800", "\U0001f4e6", [], {}, [1], {"a": None}, "2017-02-29", "2017-03-01", "2017-03-01T10:00",
        "2017-03-01 10:00:00.123456789Z", "2017-03-01T24:00", "2017-03-01T10:00:60", "2017-03-01T10:00:00+00:00",
        "2017-03-01T10:00:00+01:00", "2050-01-01", "1999-12-31", "COMPLETE", "complete", 0.005, -0.005, 999_999_999.995,
        1_000_000_000, 1_000_000_000.01, -1_000_000_000.01,
    ]  # fmt: skip
    texts = []
    for number, (name, value) in enumerate((name, value) for name in event for value in values):
        changed = {"order_item_id": 800_000_000 + number} | {
            field: kept for field, kept in event.items() if field != "order_item_id"
        }
        texts.append(json.dumps(changed | {name: value}))
    good = json.dumps(event)
    raw = [
        "", " ", "{}", "[]", "null", "1", '"a"', good + good, good[:-1], good + " ", "\n" + good, good + "\0",
        "\ufeff" + good, good.replace("}", ', "quantity": -1}'), good.replace("}", ",}"), good.replace('"', "'"),
        good.replace('"market"', '"mark\\u0065t"'),
    ]  # fmt: skip
    raw += [good.replace(": 1,", f": {number},", 1) for number in ("01", "+1", "1.", ".1", "1e0", "-0", "0x1")]
    extra = ['"deep": ' + "[" * depth + "]" * depth for depth in (99, 100, 5000)]
    extra += ['"long": "' + "x" * length + '"' for length in (64_000, 66_000)]
    extra += [f'"number": {number}' for number in ("1e99999999999", "NaN", "-Infinity", "9" * 5000)]
    extra += ['"quantity": -1', "'quantity': 1", "quantity: 1", '"market": "\t"', '"quantity": 1 /* one */']
    raw += [good.replace("{", "{" + each + ",", 1) for each in extra]
    amounts = (
        "1e99999999999",
        "-0.0e99",
        "1e-99999999999",
        "1E2",
        "1" * 400,
        "-1e99999999999999999999",
        "0." + "1" * 999,
    )
    raw += [good.replace('"sales": ', f'"sales": {amount}, "x": ') for amount in amounts]
    raw += [
        good.replace('"market": "', '"market": "' + text) for text in ("\t", "\\ud83d\\udce6", "\\udce6\\ud83d", "\\x")
    ]
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts + raw]
    encoded += [good.encode("utf-16"), good.encode("utf-16-le"), good.encode("utf-32-be"), b"\xc0\x80", b"\xed\xa0\x80"]
    for _ in range(500):
        broken = bytearray(good.encode())
        for _ in range(generator.randint(1, 3)):
            broken[generator.randrange(len(broken))] = generator.randrange(256)
        encoded.append(bytes(broken))
    return encoded


def test_both_readings_of_the_contract_agree_on_everything_that_is_almost_right(platform, event):
    messages = mutations(event, random.Random(7))  # noqa: S311 - reproducible, not secret
    assert len(messages) > 1400
    before = sum(reasons(platform).values()), platform.counted()
    platform.produce((b"%d" % number, message) for number, message in enumerate(messages))
    platform.verify()
    rejected = sum(reasons(platform).values()) - before[0]
    assert len(messages) / 3 < rejected < len(messages)
