from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys

import pandas as pd
import pytest

from supply_chain.orders.event import NO_DEMAND, DeliveryStatus, OrderStatus, PaymentType, ShippingMode
from supply_chain.orders.generator import HEADER, generate, write_orders
from supply_chain.orders.recipe import ProfileName, Recipe
from supply_chain.settings import REPOSITORY

ORDERS = 20_000


def text_of(recipe):
    return b"".join(text for _, text, _ in generate(recipe))


def digest(*recipe):
    return hashlib.sha256(text_of(Recipe(*recipe))).hexdigest()


@pytest.fixture(scope="module", params=[*ProfileName])
def lines(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("generated") / "orders.csv"
    count = write_orders(path, orders=ORDERS, seed=3, profile=request.param)
    table = pd.read_csv(path, encoding="iso-8859-1")
    assert len(table) == count
    return table


def shares(column):
    return column.value_counts(normalize=True).to_dict()


@pytest.mark.parametrize(
    ("profile", "orders", "seed", "expected"),
    [
        # A deployment that an earlier version seeded is known by the checksum of these bytes.
        ("dataco", 1, 2015, "33779bdaa9e31b210cb10ec7dcdf92535655bc1f68a470ce1516f596e99eb5fc"),
        ("dataco", 200, 7, "4aef7ed1706075285f1244bbf34fa9a1f2675b4dd339d1ab3153773749222ea7"),
        ("dataco", 20_000, 3, "e53e4953b4bf47da689d5cae8137a93911436bd66f263fceae39facc5f79ec1f"),
        ("business", 1, 2015, "748709b5cb909a9070d3e5450b1c92fee9ab6b634f24d331c32583373be1b8e8"),
        ("business", 200, 7, "31167dd02d2fd492ff1c1fc9426c9e2f8d9620d2c1a082f9ca3d68a347f27b2a"),
        ("business", 20_000, 3, "d73b50f9c029e018216ef7f77391c61ed2681537095e6093078e183ec61c30e2"),
    ],
)
def test_the_bytes_of_a_recipe_never_change(profile, orders, seed, expected):
    assert digest(profile, orders, seed) == expected


@pytest.mark.parametrize("profile", ProfileName)
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(profile):
    assert digest(profile, 9_000, 1) == digest(profile, 9_000, 1) != digest(profile, 9_000, 2)


def test_the_columns_are_those_of_the_original(lines):
    assert list(lines.columns) == list(HEADER)
    assert len(set(HEADER)) == 53


def test_every_order_is_there_and_ids_are_unique(lines):
    assert lines["Order Id"].nunique() == ORDERS
    assert lines["Order Item Id"].tolist() == list(range(1, len(lines) + 1))
    assert lines.groupby("Order Id").size().between(1, 5).all()


def test_orders_cover_the_whole_period(lines):
    dates = pd.to_datetime(lines.drop_duplicates("Order Id")["order date (DateOrders)"], format="%m/%d/%Y %H:%M")
    assert dates.is_monotonic_increasing
    assert (dates.min().date().isoformat(), dates.max().date().isoformat()) == ("2015-01-01", "2018-01-31")


def test_lines_per_order_are_as_in_the_original(lines):
    assert len(lines) / ORDERS == pytest.approx(2.745, rel=0.02)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("Type", {"DEBIT": 0.384, "TRANSFER": 0.276, "PAYMENT": 0.231, "CASH": 0.109}),
        ("Order Status", {"COMPLETE": 0.33, "PENDING_PAYMENT": 0.22, "SUSPECTED_FRAUD": 0.0225, "CANCELED": 0.0205}),
        ("Delivery Status", {"Late delivery": 0.548, "Advance shipping": 0.23, "Shipping canceled": 0.043}),
        ("Shipping Mode", {"Standard Class": 0.597, "Second Class": 0.195, "First Class": 0.154, "Same Day": 0.054}),
        ("Customer Segment", {"Consumer": 0.518, "Corporate": 0.3035, "Home Office": 0.1785}),
        ("Market", {"LATAM": 0.286, "Europe": 0.278, "Pacific Asia": 0.229, "USCA": 0.143, "Africa": 0.064}),
        ("Order Item Quantity", {1: 0.549, 2: 0.1125, 5: 0.113}),
    ],
)
def test_shares_are_those_of_the_original(lines, column, expected):
    found = shares(lines[column])
    assert {value: found[value] for value in expected} == pytest.approx(expected, abs=0.03)


def test_amounts_add_up_to_the_cent(lines):
    price, quantity, sales = (lines[name] for name in ("Order Item Product Price", "Order Item Quantity", "Sales"))
    total = lines["Order Item Total"]
    assert (price * quantity).round(2).equals(sales.astype(float).round(2))
    assert (sales - lines["Order Item Discount"]).round(2).equals(total.round(2))
    assert ((total * lines["Order Item Profit Ratio"] - lines["Order Profit Per Order"]).abs() < 0.0051).all()
    assert (lines["Order Profit Per Order"] < 0).mean() == pytest.approx(0.187, abs=0.02)


def test_values_are_those_of_the_contract(lines):
    for column, values in {
        "Type": PaymentType,
        "Order Status": OrderStatus,
        "Delivery Status": DeliveryStatus,
        "Shipping Mode": ShippingMode,
    }.items():
        assert set(lines[column]) == set(values)


def test_delivery_follows_from_the_days_and_the_status(lines):
    canceled = lines["Order Status"].isin(NO_DEMAND)
    late = lines["Days for shipping (real)"] > lines["Days for shipment (scheduled)"]
    assert ((lines["Delivery Status"] == "Shipping canceled") == canceled).all()
    assert ((lines["Delivery Status"] == "Late delivery") == (late & ~canceled)).all()
    assert ((lines["Late_delivery_risk"] == 1) == (late & ~canceled)).all()


@pytest.mark.parametrize(
    ("key", "attributes"),
    [
        ("Customer Id", ["Customer City", "Customer State", "Customer Fname", "Customer Street", "Customer Segment"]),
        ("Product Card Id", ["Product Name", "Product Price", "Category Id", "Department Name"]),
        ("Order Id", ["Customer Id", "Order Status", "Order City", "Shipping Mode", "order date (DateOrders)"]),
    ],
)
def test_keys_decide_their_attributes(lines, key, attributes):
    assert lines[key].nunique() > 20
    assert (lines.groupby(key)[attributes].nunique() == 1).all(axis=None)


@pytest.mark.parametrize("profile", ProfileName)
def test_the_number_of_orders_does_not_change_the_size_of_a_block(profile):
    sizes = [len(text) for _, text, _ in generate(Recipe(profile, 50_000, 1))]
    assert len(sizes) == 7
    assert max(sizes) < 15_000_000


@pytest.mark.parametrize(("arguments", "profile"), [((), "business"), (("--profile", "dataco"), "dataco")])
def test_the_command_writes_a_compressed_file(arguments, profile, tmp_path):
    path = tmp_path / "orders.csv.gz"
    wanted = ["--orders", "100", "--seed", "5", "--output", str(path), *arguments]
    command = [sys.executable, "-m", "supply_chain.orders", "generate", *wanted]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "plugins")}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert gzip.decompress(path.read_bytes()) == text_of(Recipe(profile, 100, 5))


def test_no_orders_are_refused(tmp_path):
    with pytest.raises(ValueError, match="orders: 0 is below 1"):
        write_orders(tmp_path / "none.csv", orders=0, seed=1)
    assert not (tmp_path / "none.csv").exists()
