"""The columns of the DataCo CSV that are used, and what each must hold."""

from __future__ import annotations

from dataclasses import dataclass

from supply_chain.orders.event import MAX_ID, MAX_MONEY, DeliveryStatus, OrderStatus, PaymentType, ShippingMode

COLUMN_COUNT = 53
"""Columns of the original file; the ones that are not used may hold anything."""

MAX_KEY = 2**31 - 1


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds, both included."""

    minimum: int
    maximum: int


@dataclass(frozen=True)
class Number:
    """A number within bounds, both included; kept as written, so that nothing is lost to binary fractions."""

    minimum: float
    maximum: float


@dataclass(frozen=True)
class Text:
    """A text; one of ``values`` where they are given."""

    values: frozenset[str] = frozenset()
    may_be_empty: bool = False


@dataclass(frozen=True)
class Moment:
    """A date and time."""


@dataclass(frozen=True)
class ZipCode:
    """A postal code, which spreadsheets turn into a number; may be empty."""


@dataclass(frozen=True)
class Column:
    """A column of the file: its header, the name it gets here, and what it holds."""

    header: str
    name: str
    holds: Whole | Number | Text | Moment | ZipCode


_ID = Whole(1, MAX_ID)
_KEY = Whole(1, MAX_KEY)
_DAYS = Whole(0, 10_000)
_MONEY = Number(0, MAX_MONEY)

COLUMNS = (
    Column("Order Item Id", "order_item_id", _ID),
    Column("Order Id", "order_id", _ID),
    Column("order date (DateOrders)", "order_date", Moment()),
    Column("Product Card Id", "product_id", _KEY),
    Column("Order Item Cardprod Id", "order_item_product_id", _KEY),
    Column("Customer Id", "customer_id", _ID),
    Column("Order Customer Id", "order_customer_id", _ID),
    Column("Order Item Quantity", "quantity", Whole(1, 1_000_000)),
    Column("Order Item Product Price", "unit_price", _MONEY),
    Column("Order Item Discount", "discount", _MONEY),
    Column("Sales", "sales", _MONEY),
    Column("Order Profit Per Order", "profit", Number(-MAX_MONEY, MAX_MONEY)),
    Column("Type", "payment_type", Text(frozenset(PaymentType))),
    Column("Order Status", "order_status", Text(frozenset(OrderStatus))),
    Column("Delivery Status", "delivery_status", Text(frozenset(DeliveryStatus))),
    Column("Shipping Mode", "shipping_mode", Text(frozenset(ShippingMode))),
    Column("shipping date (DateOrders)", "shipping_date", Moment()),
    Column("Days for shipping (real)", "real_shipping_days", _DAYS),
    Column("Days for shipment (scheduled)", "scheduled_shipping_days", _DAYS),
    Column("Late_delivery_risk", "late_delivery_risk", Whole(0, 1)),
    Column("Market", "market", Text()),
    Column("Order Region", "order_region", Text()),
    Column("Order Country", "order_country", Text()),
    Column("Order State", "order_state", Text()),
    Column("Order City", "order_city", Text()),
    Column("Customer Country", "customer_country", Text()),
    Column("Customer State", "customer_state", Text()),
    Column("Customer City", "customer_city", Text()),
    Column("Customer Street", "customer_street", Text(may_be_empty=True)),
    Column("Customer Zipcode", "customer_zipcode", ZipCode()),
    Column("Customer Fname", "customer_first_name", Text(may_be_empty=True)),
    Column("Customer Lname", "customer_last_name", Text(may_be_empty=True)),
    Column("Customer Segment", "customer_segment", Text()),
    Column("Latitude", "latitude", Number(-90, 90)),
    Column("Longitude", "longitude", Number(-180, 180)),
    Column("Product Name", "product_name", Text()),
    Column("Product Price", "product_price", _MONEY),
    Column("Product Image", "product_image", Text(may_be_empty=True)),
    Column("Category Id", "category_id", _KEY),
    Column("Category Name", "category_name", Text()),
    Column("Department Id", "department_id", _KEY),
    Column("Department Name", "department_name", Text()),
)
"""The columns that are used, in the order in which they are checked."""
