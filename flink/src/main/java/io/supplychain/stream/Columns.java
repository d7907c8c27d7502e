package io.supplychain.stream;

/** The columns that SQL and the functions hand each other. */
final class Columns {
  /** A message, as the topic's table has it. */
  static final String MESSAGE =
      """
      message_key BYTES, message BYTES, kafka_partition INT, kafka_offset BIGINT, produced_at TIMESTAMP_LTZ(3)\
      """;

  /**
   * A message that was read: an order line, or the reason for its rejection. Missing values are zero or empty, never null,
   * because Flink reads columns that cannot be null at half the cost, all the way to the tables.
   */
  static final String READ_MESSAGE =
      """
      order_item_id BIGINT NOT NULL, id_block BIGINT NOT NULL,
      kafka_partition INT NOT NULL, kafka_offset BIGINT NOT NULL,
      produced_at TIMESTAMP_LTZ(3) NOT NULL, activity_bucket TIMESTAMP(3) NOT NULL,
      order_id BIGINT NOT NULL, order_date TIMESTAMP(6) NOT NULL,
      product_id INT NOT NULL, retailer_id INT NOT NULL, customer_id BIGINT NOT NULL,
      quantity BIGINT NOT NULL, sales_cents BIGINT NOT NULL, profit_cents BIGINT NOT NULL,
      order_status STRING NOT NULL, delivery_status STRING NOT NULL, shipping_mode STRING NOT NULL,
      real_shipping_days BIGINT NOT NULL, scheduled_shipping_days BIGINT NOT NULL,
      late_delivery_risk BIGINT NOT NULL, market STRING NOT NULL, order_country STRING NOT NULL,
      reason STRING NOT NULL, field STRING NOT NULL, message_key BYTES, message BYTES\
      """;

  /** What is shown of the latest order lines. */
  static final String RECENT_LINE =
      """
      kafka_offset BIGINT NOT NULL, produced_at TIMESTAMP_LTZ(3) NOT NULL,
      order_item_id BIGINT NOT NULL, order_id BIGINT NOT NULL, order_date TIMESTAMP(6) NOT NULL,
      product_id INT NOT NULL, retailer_id INT NOT NULL, customer_id BIGINT NOT NULL,
      quantity BIGINT NOT NULL, sales DECIMAL(18, 2) NOT NULL,
      order_status STRING NOT NULL, delivery_status STRING NOT NULL, shipping_mode STRING NOT NULL,
      market STRING NOT NULL, order_country STRING NOT NULL\
      """;

  private Columns() {}
}
