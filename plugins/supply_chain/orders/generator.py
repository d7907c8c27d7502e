"""Generated orders in the shape of the DataCo CSV: deterministic, any number, in constant memory.

The calibration follows the published data set: orders are evenly spaced in time without seasons; how an order is paid
decides its status, its shipping mode the scheduled days, and those against the real days its delivery status; nine
products make most of the order lines; markets follow one another. On 3 October 2017 the shop changes: every order is
one line, of a new product, by a new customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from supply_chain.orders import catalogue as the
from supply_chain.orders.event import NO_DEMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.random import Generator
    from numpy.typing import NDArray

    Array = NDArray[Any]

BLOCK_ORDERS = 8_192
"""Orders drawn together. Each block has a random stream of its own, so the number of orders changes none before it."""

FIRST_ORDER = datetime(2015, 1, 1, tzinfo=UTC)
CHANGE = datetime(2017, 10, 3, tzinfo=UTC)
END = datetime(2018, 2, 1, tzinfo=UTC)
SHARE_AFTER_CHANGE = 8_288 / 65_752
CUSTOMERS_PER_ORDER = 12_364 / 57_464
"""Customers up to the change, per order; after it every order has a new one."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Plan:
    """How many orders there are in all, and how many of them come before the shop's change."""

    orders: int
    seed: int

    @property
    def orders_before(self) -> int:
        """Orders before the change."""
        return max(1, self.orders - round(self.orders * SHARE_AFTER_CHANGE))

    @property
    def customers_before(self) -> int:
        """Customers before the change."""
        return max(1, round(self.orders_before * CUSTOMERS_PER_ORDER))


def write_orders(path: Path, *, orders: int, seed: int, on_progress: Callable[[int], None] | None = None) -> int:
    """Write a file of generated orders: ISO-8859-1, 53 columns, a line for each order line.

    Args:
        path: the file to write; compressed where its name ends in ``.gz``.
        orders: how many orders, 1 or more; 65,752 give about 180,500 order lines.
        seed: the same seed and number give the same bytes.
        on_progress: called with the number of orders written so far.

    Returns:
        The number of order lines.

    Raises:
        ValueError: ``orders`` is below 1.
    """
    import gzip

    lines = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) if path.suffix == ".gz" else raw as file:
        for number, text, block_lines in generate(orders, seed):
            file.write(text)
            lines += block_lines
            if on_progress:
                on_progress(number)
    return lines


def generate(orders: int, seed: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield the file block by block: orders so far, bytes, order lines in them. The first block has the header.

    Raises:
        ValueError: ``orders`` is below 1.
    """
    if orders < 1:
        raise ValueError(f"orders: {orders} is below 1")
    plan = Plan(orders, seed)
    next_item = 1
    for first in range(0, orders, BLOCK_ORDERS):
        numbers = np.arange(first, min(first + BLOCK_ORDERS, orders))
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(first // BLOCK_ORDERS,)))
        table = _block(plan, random, numbers, next_item)
        next_item += table.num_rows
        yield int(numbers[-1]) + 1, _as_csv(table, header=first == 0), table.num_rows


def _block(plan: Plan, random: Generator, numbers: Array, first_item: int) -> pa.Table:
    """Draw the orders of a block and their lines, as the columns of the file."""
    orders = _orders(plan, random, numbers)
    before = numbers < plan.orders_before
    counts = np.where(before, random.integers(1, 6, len(numbers)), 1)
    lines = _lines(random, np.repeat(before, counts))
    of_order = np.repeat(np.arange(len(numbers)), counts)
    columns = {**{name: np.asarray(values)[of_order] for name, values in orders.items()}, **lines}
    columns["Order Item Id"] = np.arange(first_item, first_item + len(of_order))
    return pa.table({name: columns.get(name, _constant(name, len(of_order))) for name in HEADER})


def _orders(plan: Plan, random: Generator, numbers: Array) -> dict[str, Any]:
    """Draw what all lines of an order share."""
    placed = [_placed(plan, number) for number in numbers.tolist()]
    before = numbers < plan.orders_before
    customers = np.where(
        before,
        random.integers(0, plan.customers_before, len(numbers)) + 1,
        plan.customers_before + numbers - plan.orders_before + 1,
    )
    payment = random.choice(len(the.STATUSES), len(numbers), p=_shares([count for *_, count in the.STATUSES]))
    destinations = _destinations(random, placed)
    return {
        "Order Id": numbers + 1,
        "order date (DateOrders)": [_date(moment) for moment in placed],
        "Type": _pick([kind for kind, *_ in the.STATUSES], payment),
        "Order Status": _pick([status for _, status, _ in the.STATUSES], payment),
        "Customer Id": customers,
        "Order Customer Id": customers,
        **_customers(plan.seed, customers),
        **{
            name: _pick([getattr(place, field) for place in the.DESTINATIONS], destinations)
            for name, field in DESTINATION_COLUMNS.items()
        },
        **_shipping(random, placed, _pick([status in NO_DEMAND for _, status, _ in the.STATUSES], payment)),
    }


def _placed(plan: Plan, number: int) -> datetime:
    """Return when an order is placed: evenly before the change, evenly and a little faster after it."""
    if number < plan.orders_before:
        moment = FIRST_ORDER + (CHANGE - FIRST_ORDER) * number / plan.orders_before
    else:
        moment = CHANGE + (END - CHANGE) * (number - plan.orders_before) / (plan.orders - plan.orders_before)
    return moment.replace(second=0, microsecond=0)


def _shipping(random: Generator, placed: list[datetime], canceled: Array) -> dict[str, Any]:
    modes = random.choice(len(the.SHIPPING), len(placed), p=_shares([count for *_, count in the.SHIPPING]))
    draws = random.random(len(placed))
    scheduled = _pick([days for _, days, _, _ in the.SHIPPING], modes)
    real = np.array([
        (choices := the.SHIPPING[mode][2])[int(draw * len(choices))]
        for mode, draw in zip(modes.tolist(), draws.tolist(), strict=True)
    ])  # fmt: skip
    on_schedule = np.select(
        [real > scheduled, real == scheduled], ["Late delivery", "Shipping on time"], "Advance shipping"
    )
    same_day = modes == 0
    shipped = [
        moment + (timedelta(hours=12) if quick else timedelta(days=days))
        for moment, quick, days in zip(placed, same_day.tolist(), real.tolist(), strict=True)
    ]
    return {
        "Shipping Mode": _pick([mode for mode, *_ in the.SHIPPING], modes),
        "Days for shipment (scheduled)": scheduled,
        "Days for shipping (real)": real,
        "Delivery Status": np.where(canceled, "Shipping canceled", on_schedule),
        "Late_delivery_risk": np.where(canceled, 0, real > scheduled).astype(int),
        "shipping date (DateOrders)": [_date(moment) for moment in shipped],
    }


def _destinations(random: Generator, placed: list[datetime]) -> Array:
    """Draw destinations: the market by the time of the order, the place by its weight within the market."""
    starts = np.array([start for start, _ in the.MARKET_PERIODS], dtype="datetime64[D]")
    days = np.array([moment.date() for moment in placed], dtype="datetime64[D]")
    periods = np.searchsorted(starts, days, side="right") - 1
    shares = np.array([_place_shares(markets) for _, markets in the.MARKET_PERIODS])
    draws = random.random(len(placed))[:, None]
    return np.asarray((draws >= np.cumsum(shares, axis=1)[periods][:, :-1]).sum(axis=1))


def _place_shares(markets: tuple[float, ...]) -> Array:
    share_of = dict(zip(the.MARKETS, markets, strict=True))
    totals = {market: sum(place.weight for place in the.DESTINATIONS if place.market == market) for market in share_of}
    return _shares([share_of[place.market] * place.weight / totals[place.market] for place in the.DESTINATIONS])


def _customers(seed: int, customers: Array) -> dict[str, Any]:
    """Return who the customers are: a function of their id, so that a customer is the same in every order."""
    stores = _weighted(_draw(seed, customers, "store"), [store.weight for store in the.STORES])
    segments = _weighted(_draw(seed, customers, "segment"), [share for _, share in the.SEGMENTS])
    numbers = (_draw(seed, customers, "number") * 9_000).astype(int) + 1
    streets = _pick(the.STREETS, (_draw(seed, customers, "street") * len(the.STREETS)).astype(int))
    nearby = (_draw(seed, customers, "nearby") - 0.5) / 10
    return {
        "Customer City": _pick([store.city for store in the.STORES], stores),
        "Customer State": _pick([store.state for store in the.STORES], stores),
        "Customer Country": _pick([store.country for store in the.STORES], stores),
        "Customer Zipcode": 700 + stores * 211 + numbers % 97,
        "Customer Street": [f"{number} {street}" for number, street in zip(numbers.tolist(), streets, strict=True)],
        "Customer Fname": _pick(the.FIRST_NAMES, (_draw(seed, customers, "first") * len(the.FIRST_NAMES)).astype(int)),
        "Customer Lname": _pick(the.LAST_NAMES, (_draw(seed, customers, "last") * len(the.LAST_NAMES)).astype(int)),
        "Customer Segment": _pick([segment for segment, _ in the.SEGMENTS], segments),
        "Latitude": np.round(np.array([store.latitude for store in the.STORES])[stores] + nearby, 6),
        "Longitude": np.round(np.array([store.longitude for store in the.STORES])[stores] - nearby, 6),
    }


def _lines(random: Generator, before: Array) -> dict[str, Any]:
    """Draw products, quantities and money of order lines; amounts in cents, so that they add up exactly."""
    products = _products(random, before)
    prices = np.array([round(product.price * 100) for product in the.CATALOGUE])[products]
    several = before & (prices <= 100_00)
    quantities = np.where(several, random.integers(1, 6, len(products)), 1)
    rates = np.array(the.DISCOUNT_RATES)[random.integers(0, len(the.DISCOUNT_RATES), len(products))]
    sales = prices * quantities
    discounts = np.rint(sales * rates).astype(int)
    ratios = _profit_ratios(random, len(products))
    profits = np.rint((sales - discounts) * ratios).astype(int)
    return {
        **{
            name: _pick([getattr(product, field) for product in the.CATALOGUE], products)
            for name, field in PRODUCT_COLUMNS.items()
        },
        "Product Image": _pick([_image(product.name) for product in the.CATALOGUE], products),
        "Order Item Quantity": quantities,
        "Order Item Discount Rate": rates,
        "Order Item Discount": discounts / 100,
        "Sales": sales / 100,
        "Order Item Total": (sales - discounts) / 100,
        "Sales per customer": (sales - discounts) / 100,
        "Order Item Profit Ratio": ratios,
        "Order Profit Per Order": profits / 100,
        "Benefit per order": profits / 100,
    }


def _products(random: Generator, before: Array) -> Array:
    new = np.array([product.product_id >= the.FIRST_NEW_PRODUCT for product in the.CATALOGUE])
    weights = np.array([product.weight for product in the.CATALOGUE], dtype=float)
    draws = random.random(len(before))
    return np.where(before, _weighted(draws, weights * ~new), _weighted(draws, weights * new))


def _profit_ratios(random: Generator, count: int) -> Array:
    """Draw profits as shares of the total: a fifth are losses, some of them far above the price."""
    loss = random.random(count) < 0.187
    ratios = np.where(loss, -np.minimum(random.exponential(0.6, count) + 0.01, 2.75), random.random(count) * 0.5)
    return np.round(ratios, 2)


def _draw(seed: int, keys: Array, purpose: str) -> Array:
    """Return a number from 0 to 1 for each key, the same for the same key: splitmix64 (Steele, Lea, Flood 2014)."""
    salt = int.from_bytes(purpose.encode()[:7], "big")
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(
        (seed * 0xD1B54A32D192ED03 + salt) % 2**64
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(float) / 2**53)


def _weighted(draws: Array, weights: Any) -> Array:
    return np.searchsorted(np.cumsum(_shares(weights))[:-1], draws, side="right")


def _shares(weights: Any) -> Array:
    values = np.asarray(weights, dtype=float)
    return np.asarray(values / values.sum())


def _pick(values: Any, indexes: Array) -> Array:
    return np.asarray(values)[indexes]


def _image(name: str) -> str:
    return f"https://images.example.com/{name.replace(' ', '+').replace(chr(39), '%27')}"


def _date(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour}:{moment.minute:02}"


def _constant(name: str, count: int) -> Array:
    return np.full(
        count, {"Customer Email": "XXXXXXXXX", "Customer Password": "XXXXXXXXX", "Product Status": "0"}.get(name, "")
    )


def _as_csv(table: pa.Table, *, header: bool) -> bytes:
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink, arrow_csv.WriteOptions(include_header=False, quoting_style="none"))
    text: str = sink.getvalue().to_pybytes().decode("utf-8")
    return (",".join(HEADER) + "\n" if header else "").encode("iso-8859-1") + text.encode("iso-8859-1")


DESTINATION_COLUMNS = {
    "Market": "market",
    "Order Region": "region",
    "Order Country": "country",
    "Order State": "state",
    "Order City": "city",
}
PRODUCT_COLUMNS = {
    "Product Card Id": "product_id",
    "Order Item Cardprod Id": "product_id",
    "Product Name": "name",
    "Product Price": "price",
    "Order Item Product Price": "price",
    "Category Id": "category_id",
    "Product Category Id": "category_id",
    "Category Name": "category",
    "Department Id": "department_id",
    "Department Name": "department",
}
HEADER = (
    "Type", "Days for shipping (real)", "Days for shipment (scheduled)", "Benefit per order", "Sales per customer",
    "Delivery Status", "Late_delivery_risk", "Category Id", "Category Name", "Customer City", "Customer Country",
    "Customer Email", "Customer Fname", "Customer Id", "Customer Lname", "Customer Password", "Customer Segment",
    "Customer State", "Customer Street", "Customer Zipcode", "Department Id", "Department Name", "Latitude",
    "Longitude", "Market", "Order City", "Order Country", "Order Customer Id", "order date (DateOrders)", "Order Id",
    "Order Item Cardprod Id", "Order Item Discount", "Order Item Discount Rate", "Order Item Id",
    "Order Item Product Price", "Order Item Profit Ratio", "Order Item Quantity", "Sales", "Order Item Total",
    "Order Profit Per Order", "Order Region", "Order State", "Order Status", "Order Zipcode", "Product Card Id",
    "Product Category Id", "Product Description", "Product Image", "Product Name", "Product Price", "Product Status",
    "shipping date (DateOrders)", "Shipping Mode",
)  # fmt: skip
"""The columns of the original, in its order."""
