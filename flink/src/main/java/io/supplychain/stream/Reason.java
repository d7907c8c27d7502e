package io.supplychain.stream;

import java.util.Locale;

/** Why a message was not counted. */
enum Reason {
  NULL_VALUE,
  TOO_LARGE,
  WRONG_ENCODING,
  NOT_JSON,
  MISSING_FIELD,
  WRONG_TYPE,
  QUANTITY_NOT_POSITIVE,
  OUT_OF_RANGE,
  UNKNOWN_VALUE,
  BAD_DATE,
  UNKNOWN_PRODUCT,
  UNKNOWN_RETAILER,
  UNKNOWN_CUSTOMER,
  REPEATED_ORDER_ITEM_ID;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The reason as headers and tables show it. */
  String code() {
    return code;
  }
}
