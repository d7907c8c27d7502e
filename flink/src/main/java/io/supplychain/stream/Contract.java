package io.supplychain.stream;

import java.time.LocalDate;

/** The bounds of an order line, as the platform's event contract (supply_chain/orders/event.py) has them. */
final class Contract {
  static final int MAX_BYTES = 65_536;
  static final int MAX_DEPTH = 100;
  static final int MAX_TEXT = 256;
  static final long MAX_MONEY = 1_000_000_000;
  static final long MAX_ID = (1L << 53) - 1;
  static final LocalDate FIRST_ORDER_DATE = LocalDate.of(2000, 1, 1);
  static final LocalDate LAST_ORDER_DATE = LocalDate.of(2049, 12, 31);
  /** The first ten characters of a date, then the others. */
  static final String DAY_PATTERN = "\\d{4}-\\d{2}-\\d{2}";
  static final String TIME_PATTERN =
      "(?:[T ](\\d{2}:\\d{2})(?::(\\d{2})(?:\\.\\d{1,9})?)?(?:Z|\\+00:00)?)?";

  private Contract() {}
}
