"""Names of what lives in Kafka: topics, headers, the consumer group."""

from __future__ import annotations

ORDERS = "orders"
"""Order lines, one JSON message each; kept for ever, since tables can be rebuilt from it."""

REJECTED = "orders.rejected"
"""Messages of :data:`ORDERS` that were not counted, unchanged; read it with ``isolation.level=read_committed``."""

DAYS = "orders.days"
"""One small JSON message whenever a further day of the data is complete in the tables; Airflow plans by it."""

TOPICS = (ORDERS, REJECTED, DAYS)
"""Every topic of the stream."""

DAYS_GROUP = "airflow-data-days"
"""The group in which Airflow's triggerer commits how far it has read :data:`DAYS`."""

CONSUMER_GROUP = "inventory-stream"
"""The group in which the Flink job commits its offsets at every completed checkpoint."""

HEADER_SOURCE = "source"
"""Header of an order line: checksum of the source it was read from (hex, ASCII)."""

HEADER_POSITION = "source-position"
"""Header of an order line: ``order_lines.position`` of that source (decimal, ASCII)."""

HEADER_REASON = "reason"
"""Header of a rejected message: one of :class:`supply_chain.orders.event.Reason` (ASCII)."""

HEADER_FIELD = "field"
"""Header of a rejected message: the field at fault, empty where the whole message is (ASCII)."""

HEADER_PARTITION = "source-partition"
"""Header of a rejected message: partition of :data:`ORDERS` it was read from (decimal, ASCII)."""

HEADER_OFFSET = "source-offset"
"""Header of a rejected message: offset in that partition (decimal, ASCII)."""

HEADER_PRODUCED_AT = "produced-at"
"""Header of a rejected message: the time of the original message (epoch milliseconds, decimal, ASCII)."""

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
"""What the topics accept, well above what counts as an order line, so that an oversized one is rejected visibly."""
