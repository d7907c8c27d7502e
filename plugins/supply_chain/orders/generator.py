"""Generated orders in the shape of the DataCo CSV: deterministic, any number, in constant memory.

A profile decides when who orders what (:mod:`supply_chain.orders.profiles`). The rest follows here, as in the published
data set: how an order is paid decides its status, its shipping mode the scheduled days, and those against the real days
its delivery status.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from supply_chain.orders import catalogue as the
from supply_chain.orders.drawing import draw, weighted
from supply_chain.orders.event import NO_DEMAND
from supply_chain.orders.profiles import profile_of
from supply_chain.orders.recipe import ProfileName, Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from supply_chain.orders.drawing import Array, Draw, Profile


def write_orders(
    path: Path,
    *,
    orders: int,
    seed: int,
    profile: ProfileName = ProfileName.BUSINESS,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write a file of generated orders: ISO-8859-1, 53 columns, a line for each order line.

    Args:
        path: the file to write; compressed where its name ends in ``.gz``.
        orders: how many orders, 1 or more; 65,752 give about 180,500 order lines.
        seed: the same profile, seed and number give the same bytes.
        profile: how the business behaves.
        on_progress: called with the number of orders written so far.

    Returns:
        The number of order lines.

    Raises:
        ValueError: ``orders`` is below 1.
    """
    import gzip

    lines = 0
    recipe = Recipe(profile, orders, seed)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) if path.suffix == ".gz" else raw as file:
        for number, text, block_lines in generate(recipe):
            file.write(text)
            lines += block_lines
            if on_progress:
                on_progress(number)
    return lines


def generate(recipe: Recipe) -> Iterator[tuple[int, bytes, int]]:
    """Yield the file block by block: orders so far, bytes, order lines in them. The first block has the header."""
    profile = profile_of(recipe)
    next_item = 1
    for block in profile.history():
        lines = order_lines(profile, block, next_item)
        count = len(block.products)
        yield block.first_order + len(block.placed), _as_csv(lines, count, header=next_item == 1), count
        next_item += count


def order_lines(profile: Profile, block: Draw, first_item: int) -> dict[str, Array]:
    """Return the order lines of a block: by column of the file that has more than one value, a value for each line.

    Args:
        profile: whose draw it is.
        block: the orders.
        first_item: order item id of the first line; the others count on from it.
    """
    of_order = np.repeat(np.arange(len(block.placed)), block.line_counts)
    columns = {name: np.asarray(values)[of_order] for name, values in _orders(profile, block).items()}
    item_ids = np.arange(first_item, first_item + len(of_order))
    return {**columns, **_items(block), "Order Item Id": item_ids}


def _orders(profile: Profile, block: Draw) -> dict[str, Any]:
    """Return what all lines of an order share."""
    numbers = block.first_order + np.arange(len(block.placed))
    return {
        "Order Id": numbers + 1,
        "order date (DateOrders)": [_date(moment) for moment in block.placed],
        "Type": _pick([kind for kind, *_ in the.STATUSES], block.payments),
        "Order Status": _pick([status for _, status, _ in the.STATUSES], block.payments),
        "Customer Id": block.customers,
        "Order Customer Id": block.customers,
        **_customers(profile, block.customers),
        **{
            name: _pick([getattr(place, field) for place in the.DESTINATIONS], block.destinations)
            for name, field in DESTINATION_COLUMNS.items()
        },
        **_shipping(block),
    }


def _shipping(block: Draw) -> dict[str, Any]:
    canceled = _pick([status in NO_DEMAND for _, status, _ in the.STATUSES], block.payments)
    scheduled = _pick([days for _, days, _, _ in the.SHIPPING], block.modes)
    real = np.array([
        (choices := the.SHIPPING[mode][2])[int(pace * len(choices))]
        for mode, pace in zip(block.modes.tolist(), block.paces.tolist(), strict=True)
    ])  # fmt: skip
    on_schedule = np.select(
        [real > scheduled, real == scheduled], ["Late delivery", "Shipping on time"], "Advance shipping"
    )
    same_day = block.modes == 0
    shipped = [
        moment + (timedelta(hours=12) if quick else timedelta(days=days))
        for moment, quick, days in zip(block.placed, same_day.tolist(), real.tolist(), strict=True)
    ]
    return {
        "Shipping Mode": _pick([mode for mode, *_ in the.SHIPPING], block.modes),
        "Days for shipment (scheduled)": scheduled,
        "Days for shipping (real)": real,
        "Delivery Status": np.where(canceled, "Shipping canceled", on_schedule),
        "Late_delivery_risk": np.where(canceled, 0, real > scheduled).astype(int),
        "shipping date (DateOrders)": [_date(moment) for moment in shipped],
    }


def _customers(profile: Profile, customers: Array) -> dict[str, Any]:
    """Return who the customers are: a function of their id, so that a customer is the same in every order."""
    seed = profile.recipe.seed
    stores = weighted(draw(seed, customers, "store"), profile.store_weights)
    segments = weighted(draw(seed, customers, "segment"), [share for _, share in the.SEGMENTS])
    numbers = (draw(seed, customers, "number") * 9_000).astype(int) + 1
    streets = _pick(the.STREETS, (draw(seed, customers, "street") * len(the.STREETS)).astype(int))
    nearby = (draw(seed, customers, "nearby") - 0.5) / 10
    return {
        "Customer City": _pick([store.city for store in the.STORES], stores),
        "Customer State": _pick([store.state for store in the.STORES], stores),
        "Customer Country": _pick([store.country for store in the.STORES], stores),
        "Customer Zipcode": 700 + stores * 211 + numbers % 97,
        "Customer Street": [f"{number} {street}" for number, street in zip(numbers.tolist(), streets, strict=True)],
        "Customer Fname": _pick(the.FIRST_NAMES, (draw(seed, customers, "first") * len(the.FIRST_NAMES)).astype(int)),
        "Customer Lname": _pick(the.LAST_NAMES, (draw(seed, customers, "last") * len(the.LAST_NAMES)).astype(int)),
        "Customer Segment": _pick([segment for segment, _ in the.SEGMENTS], segments),
        "Latitude": np.round(np.array([store.latitude for store in the.STORES])[stores] + nearby, 6),
        "Longitude": np.round(np.array([store.longitude for store in the.STORES])[stores] - nearby, 6),
    }


def _items(block: Draw) -> dict[str, Any]:
    """Return products, quantities and money of order lines; amounts in cents, so that they add up exactly."""
    prices = np.array([round(product.price * 100) for product in the.CATALOGUE])[block.products]
    sales = prices * block.quantities
    discounts = np.rint(sales * block.discount_rates).astype(int)
    profits = np.rint((sales - discounts) * block.profit_ratios).astype(int)
    return {
        **{
            name: _pick([getattr(product, field) for product in the.CATALOGUE], block.products)
            for name, field in PRODUCT_COLUMNS.items()
        },
        "Product Image": _pick([_image(product.name) for product in the.CATALOGUE], block.products),
        "Order Item Quantity": block.quantities,
        "Order Item Discount Rate": block.discount_rates,
        "Order Item Discount": discounts / 100,
        "Sales": sales / 100,
        "Order Item Total": (sales - discounts) / 100,
        "Sales per customer": (sales - discounts) / 100,
        "Order Item Profit Ratio": block.profit_ratios,
        "Order Profit Per Order": profits / 100,
        "Benefit per order": profits / 100,
    }


def _pick(values: Any, indexes: Array) -> Array:
    return np.asarray(values)[indexes]


def _image(name: str) -> str:
    return f"https://images.example.com/{name.replace(' ', '+').replace(chr(39), '%27')}"


def _date(moment: datetime) -> str:
    """Write a moment as :data:`DATE_FORMAT` says, without leading zeros."""
    return f"{moment.month}/{moment.day}/{moment.year} {moment.hour}:{moment.minute:02}"


def _constant(name: str, count: int) -> Array:
    return np.full(
        count, {"Customer Email": "XXXXXXXXX", "Customer Password": "XXXXXXXXX", "Product Status": "0"}.get(name, "")
    )


def _as_csv(lines: dict[str, Array], count: int, *, header: bool) -> bytes:
    # Not at the top: the order producer generates without Arrow, which is not in its environment.
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    table = pa.table({name: lines[name] if name in lines else _constant(name, count) for name in HEADER})
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(table, sink, arrow_csv.WriteOptions(include_header=False, quoting_style="none"))
    text: str = sink.getvalue().to_pybytes().decode("utf-8")
    return (",".join(HEADER) + "\n" if header else "").encode("iso-8859-1") + text.encode("iso-8859-1")


DATE_FORMAT = "%m/%d/%Y %H:%M"
"""How the file writes dates and times."""

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
