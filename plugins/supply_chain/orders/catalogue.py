"""What the generated orders are made of: products, stores, destinations and names, all invented but the geography."""

from __future__ import annotations

from typing import NamedTuple


class Product(NamedTuple):
    """A product of the catalogue; ``weight`` is its share among the products of its time."""

    product_id: int
    name: str
    price: float
    category_id: int
    category: str
    department_id: int
    department: str
    weight: float


FITNESS, FOOTWEAR, APPAREL, GOLF, OUTDOORS, FAN_SHOP = (
    (2, "Fitness"), (3, "Footwear"), (4, "Apparel"), (5, "Golf"), (6, "Outdoors"), (7, "Fan Shop"),
)  # fmt: skip
TECHNOLOGY, BOOKS, DISCS, PETS, BEAUTY = (
    (10, "Technology"), (8, "Book Shop"), (9, "Discs Shop"), (11, "Pet Shop"), (12, "Health and Beauty"),
)  # fmt: skip

CATALOGUE = (
    # Nine products make most of the orders.
    Product(365, "Halden Grip Training Deck", 59.99, 17, "Cleats", *APPAREL, 24515),
    Product(403, "Corvina Elite Turf Boot", 129.99, 18, "Men's Footwear", *APPAREL, 22246),
    Product(502, "Fairway Dry Polo", 50.0, 24, "Women's Apparel", *GOLF, 21035),
    Product(1014, "Lagoon Neoprene Life Vest", 49.98, 46, "Indoor/Outdoor Games", *FAN_SHOP, 19298),
    Product(1004, "Ironbark 16 Field Safe", 399.98, 45, "Fishing", *FAN_SHOP, 17325),
    Product(1073, "Driftline 100 Kayak", 199.99, 48, "Water Sports", *FAN_SHOP, 15500),
    Product(957, "Serena Comfort City Bike", 299.98, 43, "Camping & Hiking", *FAN_SHOP, 13729),
    Product(191, "Velo Free 5 Running Shoe", 99.99, 9, "Cardio Equipment", *FOOTWEAR, 12169),
    Product(627, "Little Sprint Running Shoe", 39.99, 29, "Shop By Sport", *GOLF, 10617),
    # Others of the first catalogue.
    Product(44, "Northgate Ankle Support", 24.99, 3, "Baseball & Softball", *FITNESS, 632),
    Product(78, "Bluewing Goal Net", 99.99, 5, "Lacrosse", *FITNESS, 343),
    Product(93, "Harrow Racket String Set", 24.99, 6, "Tennis & Racquet", *FITNESS, 328),
    Product(116, "Rowan Speed Rope", 44.99, 7, "Hockey", *FITNESS, 614),
    Product(135, "Kestrel Sparring Gloves", 22.0, 10, "Strength Training", *FOOTWEAR, 423),
    Product(172, "Osprey Weight Bench", 299.99, 10, "Strength Training", *FOOTWEAR, 111),
    Product(249, "Tamar Match Ball", 54.97, 12, "Boxing & MMA", *FOOTWEAR, 138),
    Product(276, "Arden Court Socks", 31.99, 13, "Electronics", *FOOTWEAR, 3156),
    Product(278, "Marlow Warm-Up Jacket", 44.99, 13, "Electronics", *FOOTWEAR, 800),
    Product(305, "Bryn Thermal Base Layer", 27.99, 16, "Accessories", *FOOTWEAR, 1780),
    Product(564, "Linden Youth Tee", 30.0, 26, "Girls' Apparel", *GOLF, 1201),
    Product(671, "Caddis Glove Pair", 19.99, 30, "Golf Gloves", *OUTDOORS, 1070),
    Product(703, "Pinehurst Practice Balls", 19.99, 32, "Golf Balls", *OUTDOORS, 1475),
    Product(724, "Merrow Tour Cart Bag", 129.99, 34, "Golf Bags & Carts", *OUTDOORS, 61),
    Product(804, "Ridley Putter", 17.99, 36, "Trade-In", *OUTDOORS, 974),
    Product(822, "Selby Spikeless Shoe", 47.99, 37, "Golf Shoes", *OUTDOORS, 524),
    Product(860, "Wexford Half-Zip", 59.99, 38, "Golf Apparel", *OUTDOORS, 441),
    Product(905, "Thornbury Team Cap", 24.99, 41, "Trade-In", *FAN_SHOP, 640),
    Product(926, "Calder Fly Rod", 15.99, 41, "Fishing Gear", *FAN_SHOP, 440),
    # The second catalogue, of the published data set's last four months.
    Product(1346, "Atlas Web Camera", 452.04, 61, "Cameras", *TECHNOLOGY, 592),
    Product(1347, "Nova Home Computer", 1500.0, 62, "Computers", *TECHNOLOGY, 442),
    Product(1348, "Pixel Quest", 39.75, 73, "Video Games", *DISCS, 838),
    Product(1349, "Evening Strings", 11.29, 64, "CDs", *DISCS, 271),
    Product(1350, "The Long Harbour", 20.4, 65, "DVDs", *DISCS, 483),
    Product(1351, "Summer Linen Dress", 215.82, 66, "Women's Clothing", *APPAREL, 650),
    Product(1352, "Little Nordic Coat", 357.1, 67, "Children's Clothing", *FAN_SHOP, 652),
    Product(1353, "Potter's Clay Kit", 461.48, 68, "Crafts", *FAN_SHOP, 484),
    Product(1354, "Willow Garden Bench", 532.58, 69, "Garden", *OUTDOORS, 484),
    Product(1355, "Barn Owl Feeder", 81.99, 70, "Pet Supplies", *PETS, 492),
    Product(1356, "Salt and Tide", 30.91, 71, "Books", *BOOKS, 405),
    Product(1357, "Rosewater Balm", 91.25, 72, "Health and Beauty", *BEAUTY, 362),
    Product(1358, "Cedar Song", 395.98, 63, "Music", *DISCS, 434),
    Product(1359, "Moss Rabbit", 11.54, 74, "Toys", *FAN_SHOP, 529),
    Product(1360, "Hearth Radio", 252.88, 75, "Consumer Electronics", *TECHNOLOGY, 431),
    Product(1361, "Cradle Blanket", 10.91, 76, "Baby", *FAN_SHOP, 207),
    Product(1362, "Harbour Work Shirt", 108.5, 77, "Men's Clothing", *APPAREL, 208),
    Product(1363, "Granite Tent", 164.38, 78, "Sporting Goods", *FAN_SHOP, 357),
)

FIRST_NEW_PRODUCT = 1346
"""The second catalogue begins here."""


class Store(NamedTuple):
    """A city with a store; ``weight`` is its share of the customers."""

    city: str
    state: str
    country: str
    latitude: float
    longitude: float
    weight: float


_PUERTO_RICO = "Puerto Rico"
_USA = "EE. UU."

STORES = (
    Store("Caguas", "PR", _PUERTO_RICO, 18.2341, -66.0485, 66770),
    Store("San Juan", "PR", _PUERTO_RICO, 18.4655, -66.1057, 900),
    Store("Bayamón", "PR", _PUERTO_RICO, 18.3985, -66.1614, 850),
    Store("Mayagüez", "PR", _PUERTO_RICO, 18.2013, -67.1452, 850),
    Store("Los Angeles", "CA", _USA, 34.0522, -118.2437, 9200),
    Store("San Diego", "CA", _USA, 32.7157, -117.1611, 6400),
    Store("San Jose", "CA", _USA, 37.3382, -121.8863, 5100),
    Store("Sacramento", "CA", _USA, 38.5816, -121.4944, 4300),
    Store("Fresno", "CA", _USA, 36.7378, -119.7871, 4200),
    Store("Brooklyn", "NY", _USA, 40.6782, -73.9442, 5600),
    Store("New York", "NY", _USA, 40.7128, -74.0060, 3200),
    Store("Bronx", "NY", _USA, 40.8448, -73.8648, 2500),
    Store("Houston", "TX", _USA, 29.7604, -95.3698, 3900),
    Store("Dallas", "TX", _USA, 32.7767, -96.7970, 2800),
    Store("El Paso", "TX", _USA, 31.7619, -106.4850, 2400),
    Store("Chicago", "IL", _USA, 41.8781, -87.6298, 6200),
    Store("Aurora", "IL", _USA, 41.7606, -88.3201, 1400),
    Store("Miami", "FL", _USA, 25.7617, -80.1918, 3300),
    Store("Orlando", "FL", _USA, 28.5383, -81.3792, 2200),
    Store("Columbus", "OH", _USA, 39.9612, -82.9988, 2300),
    Store("Cleveland", "OH", _USA, 41.4993, -81.6944, 1800),
    Store("Philadelphia", "PA", _USA, 39.9526, -75.1652, 3800),
    Store("Detroit", "MI", _USA, 42.3314, -83.0458, 3800),
    Store("Newark", "NJ", _USA, 40.7357, -74.1724, 3200),
    Store("Phoenix", "AZ", _USA, 33.4484, -112.0740, 3000),
    Store("Atlanta", "GA", _USA, 33.7490, -84.3880, 2500),
    Store("Las Vegas", "NV", _USA, 36.1699, -115.1398, 2100),
    Store("Baltimore", "MD", _USA, 39.2904, -76.6122, 2000),
    Store("Denver", "CO", _USA, 39.7392, -104.9903, 1900),
    Store("Charlotte", "NC", _USA, 35.2271, -80.8431, 1800),
    Store("Richmond", "VA", _USA, 37.5407, -77.4360, 1700),
    Store("Indianapolis", "IN", _USA, 39.7684, -86.1581, 1600),
    Store("Seattle", "WA", _USA, 47.6062, -122.3321, 1500),
    Store("Boston", "MA", _USA, 42.3601, -71.0589, 1500),
    Store("Nashville", "TN", _USA, 36.1627, -86.7816, 1400),
    Store("Portland", "OR", _USA, 45.5152, -122.6784, 1200),
    Store("New Orleans", "LA", _USA, 29.9511, -90.0715, 1100),
    Store("Saint Louis", "MO", _USA, 38.6270, -90.1994, 1100),
    Store("Honolulu", "HI", _USA, 21.3069, -157.8583, 1000),
    Store("Salt Lake City", "UT", _USA, 40.7608, -111.8910, 900),
    Store("Milwaukee", "WI", _USA, 43.0389, -87.9065, 900),
    Store("Minneapolis", "MN", _USA, 44.9778, -93.2650, 800),
    Store("Albuquerque", "NM", _USA, 35.0844, -106.6504, 800),
)


class Destination(NamedTuple):
    """A city that orders are delivered to; ``weight`` is its share within its market."""

    market: str
    region: str
    country: str
    state: str
    city: str
    weight: float


DESTINATIONS = (
    Destination("LATAM", "Central America", "México", "Distrito Federal", "Mexico City", 13.2),
    Destination("LATAM", "Central America", "El Salvador", "San Salvador", "San Salvador", 3.7),
    Destination("LATAM", "Central America", "Honduras", "Francisco Morazán", "Tegucigalpa", 3.6),
    Destination("LATAM", "Central America", "Nicaragua", "Managua", "Managua", 3.0),
    Destination("LATAM", "Central America", "Guatemala", "Guatemala", "Guatemala City", 2.8),
    Destination("LATAM", "Caribbean", "República Dominicana", "Santo Domingo", "Santo Domingo", 3.7),
    Destination("LATAM", "Caribbean", "Cuba", "La Habana", "Havana", 3.5),
    Destination("LATAM", "South America", "Brasil", "São Paulo", "São Paulo", 8.0),
    Destination("LATAM", "South America", "Argentina", "Buenos Aires", "Buenos Aires", 1.9),
    Destination("LATAM", "South America", "Colombia", "Bogotá", "Bogotá", 1.8),
    Destination("Europe", "Western Europe", "Francia", "Isla de Francia", "Paris", 13.2),
    Destination("Europe", "Western Europe", "Alemania", "Berlín", "Berlin", 9.6),
    Destination("Europe", "Western Europe", "Países Bajos", "Holanda del Norte", "Amsterdam", 1.9),
    Destination("Europe", "Northern Europe", "Reino Unido", "Inglaterra", "London", 7.3),
    Destination("Europe", "Northern Europe", "Suecia", "Estocolmo", "Stockholm", 1.2),
    Destination("Europe", "Southern Europe", "Italia", "Lacio", "Rome", 5.0),
    Destination("Europe", "Southern Europe", "España", "Madrid", "Madrid", 3.9),
    Destination("Europe", "Eastern Europe", "Polonia", "Mazovia", "Warsaw", 3.9),
    Destination("Pacific Asia", "Oceania", "Australia", "Nueva Gales del Sur", "Sydney", 8.5),
    Destination("Pacific Asia", "Southeast Asia", "Indonesia", "Yakarta", "Jakarta", 4.2),
    Destination("Pacific Asia", "Southeast Asia", "Filipinas", "Gran Manila", "Manila", 2.1),
    Destination("Pacific Asia", "Eastern Asia", "China", "Cantón", "Guangzhou", 5.8),
    Destination("Pacific Asia", "South Asia", "India", "Maharashtra", "Mumbai", 4.8),
    Destination("Pacific Asia", "West Asia", "Turquía", "Estambul", "Istanbul", 3.4),
    Destination("Pacific Asia", "Central Asia", "Kazajistán", "Almaty", "Almaty", 0.6),
    Destination("USCA", "West of USA", "Estados Unidos", "California", "San Francisco", 8.0),
    Destination("USCA", "East of USA", "Estados Unidos", "Nueva York", "New York City", 6.9),
    Destination("USCA", "US Center", "Estados Unidos", "Illinois", "Chicago", 5.9),
    Destination("USCA", "South of USA", "Estados Unidos", "Texas", "Houston", 4.0),
    Destination("USCA", "Canada", "Canada", "Ontario", "Toronto", 1.0),
    Destination("Africa", "West Africa", "Nigeria", "Lagos", "Lagos", 3.7),
    Destination("Africa", "North Africa", "Egipto", "El Cairo", "Cairo", 3.2),
    Destination("Africa", "East Africa", "Kenia", "Nairobi", "Nairobi", 1.9),
    Destination("Africa", "Central Africa", "RD Congo", "Kinsasa", "Kinshasa", 1.7),
    Destination("Africa", "Southern Africa", "Sudáfrica", "Gauteng", "Johannesburg", 1.2),
)

MARKETS = ("LATAM", "Europe", "Pacific Asia", "USCA", "Africa")

FIRST_NAMES = (
    "Alma", "Bela", "Carina", "Dario", "Edda", "Fenno", "Greta", "Hale", "Ilka", "Jorin", "Kaia", "Levin", "Mira",
    "Nilo", "Orla", "Pavel", "Quinta", "Rune", "Silva", "Tavi", "Una", "Vero", "Wanda", "Xenia", "Yorick", "Zora",
)  # fmt: skip
LAST_NAMES = (
    "Abernath", "Bellweather", "Castrow", "Dunmore", "Eastlake", "Farrow", "Grimsby", "Hollander", "Inverness",
    "Jasperson", "Kettleby", "Larkhill", "Merriden", "Northcote", "Oakhurst", "Pendrell", "Quillan", "Ravenel",
    "Stellmark", "Thornby", "Underhall", "Vandermoor", "Westerley", "Yarborough", "Zellner",
)  # fmt: skip
STREETS = (
    "Amber Mill Road", "Birchfield Lane", "Copper Hill Way", "Dovecote Street", "Elderbrook Drive", "Foxglove Row",
    "Granary Court", "Heron Quay", "Ivory Gate", "Juniper Terrace", "Kingfisher Walk", "Lantern Close",
    "Millstone Pike",
)  # fmt: skip
SEGMENTS = (("Consumer", 0.518), ("Corporate", 0.3035), ("Home Office", 0.1785))

STATUSES = (
    ("DEBIT", "COMPLETE", 21716), ("DEBIT", "ON_HOLD", 3624), ("TRANSFER", "PROCESSING", 7901),
    ("TRANSFER", "PENDING", 7321), ("TRANSFER", "SUSPECTED_FRAUD", 1488), ("TRANSFER", "CANCELED", 1367),
    ("PAYMENT", "PENDING_PAYMENT", 14382), ("PAYMENT", "PAYMENT_REVIEW", 704), ("CASH", "CLOSED", 7249),
)  # fmt: skip
"""How it is paid decides which statuses an order can have; with their numbers of orders."""

SHIPPING = (
    ("Same Day", 0, (0, 1), 3571), ("First Class", 1, (2,), 10079), ("Second Class", 2, (2, 3, 4, 5, 6), 12778),
    ("Standard Class", 4, (2, 3, 4, 5, 6), 39324),
)  # fmt: skip
"""Mode, scheduled days, the days that it takes in equal shares, and its number of orders."""

DISCOUNT_RATES = (
    0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.055, 0.07, 0.09, 0.1, 0.12, 0.13, 0.15, 0.16, 0.17, 0.18, 0.2, 0.25,
)  # fmt: skip
"""Each is as frequent as the others."""

SEVERAL_UP_TO_PRICE = 100.0
"""Up to this price (USD) a customer takes 1 to 5 units, all as often; above it 1."""

LOSS_SHARE, MEAN_LOSS, LEAST_LOSS, HIGHEST_LOSS, HIGHEST_PROFIT = 0.187, 0.6, 0.01, 2.75, 0.5
"""Share of the order lines that lose money, what they lose and what the others earn at most, as shares of the total."""
