package io.supplychain.stream;

import io.supplychain.stream.FieldType.Date;
import io.supplychain.stream.FieldType.Money;
import io.supplychain.stream.FieldType.Text;
import io.supplychain.stream.FieldType.WholeNumber;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The fields of an order line, in the order in which they are checked. */
enum Field {
  ORDER_ITEM_ID(new WholeNumber(1, Contract.MAX_ID)),
  ORDER_ID(new WholeNumber(1, Contract.MAX_ID)),
  ORDER_DATE(new Date()),
  PRODUCT_ID(new WholeNumber(1, Integer.MAX_VALUE)),
  RETAILER_ID(new WholeNumber(1, Integer.MAX_VALUE)),
  CUSTOMER_ID(new WholeNumber(1, Contract.MAX_ID)),
  QUANTITY(new WholeNumber(1, 1_000_000)),
  UNIT_PRICE(new Money(0, Contract.MAX_MONEY * 100)),
  DISCOUNT(new Money(0, Contract.MAX_MONEY * 100)),
  SALES(new Money(0, Contract.MAX_MONEY * 100)),
  PROFIT(new Money(-Contract.MAX_MONEY * 100, Contract.MAX_MONEY * 100)),
  PAYMENT_TYPE(new Text(Set.of("CASH", "DEBIT", "PAYMENT", "TRANSFER"))),
  ORDER_STATUS(
      new Text(
          Set.of(
              "CANCELED",
              "CLOSED",
              "COMPLETE",
              "ON_HOLD",
              "PAYMENT_REVIEW",
              "PENDING",
              "PENDING_PAYMENT",
              "PROCESSING",
              "SUSPECTED_FRAUD"))),
  DELIVERY_STATUS(
      new Text(Set.of("Advance shipping", "Late delivery", "Shipping canceled", "Shipping on time"))),
  SHIPPING_MODE(new Text(Set.of("First Class", "Same Day", "Second Class", "Standard Class"))),
  SHIPPING_DATE(new Date()),
  REAL_SHIPPING_DAYS(new WholeNumber(0, 10_000)),
  SCHEDULED_SHIPPING_DAYS(new WholeNumber(0, 10_000)),
  LATE_DELIVERY_RISK(new WholeNumber(0, 1)),
  MARKET(new Text(Set.of())),
  ORDER_REGION(new Text(Set.of())),
  ORDER_COUNTRY(new Text(Set.of()));

  static final Field[] ALL = values();

  private static final Map<String, Field> BY_NAME =
      Arrays.stream(ALL).collect(Collectors.toUnmodifiableMap(Field::fieldName, Function.identity()));

  private final String fieldName = name().toLowerCase(Locale.ROOT);
  private final FieldType type;

  Field(FieldType type) {
    this.type = type;
  }

  /** Returns the field of a JSON name, or null where order lines have none of it. */
  static Field named(String name) {
    return BY_NAME.get(name);
  }

  String fieldName() {
    return fieldName;
  }

  FieldType type() {
    return type;
  }
}
