package io.supplychain.stream;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.functions.ScalarFunction;

/** SQL function: an amount of whole cents as money. SQL's own arithmetic takes several big decimals for it. */
public class CentsToMoney extends ScalarFunction {
  private static final int PRECISION = 18;
  private static final int SCALE = 2;

  /** Returns cents as money. */
  @DataTypeHint(value = "DECIMAL(18, 2) NOT NULL", bridgedTo = DecimalData.class)
  public DecimalData eval(long cents) {
    return DecimalData.fromUnscaledLong(cents, PRECISION, SCALE);
  }
}
