package io.supplychain.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Amounts of money in whole cents. */
final class Cents {
  /** A longer exponent than this outweighs every digit that a message can hold. */
  private static final BigInteger EXPONENT_LIMIT = BigInteger.valueOf(2L * Contract.MAX_BYTES);

  private Cents() {}

  /**
   * Reads a JSON number and rounds it half up, away from zero.
   *
   * @return cents; the largest or smallest long for an amount beyond it
   */
  static long of(String number) {
    BigDecimal cents = decimal(number).movePointRight(2).setScale(0, RoundingMode.HALF_UP);
    if (cents.precision() - cents.scale() > 18) {
      return cents.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return cents.longValueExact();
  }

  private static BigDecimal decimal(String number) {
    int exponentMark = Math.max(number.indexOf('e'), number.indexOf('E'));
    if (exponentMark < 0) {
      return new BigDecimal(number);
    }
    // Taken apart, since BigDecimal refuses exponents that JSON allows.
    BigDecimal significand = new BigDecimal(number.substring(0, exponentMark));
    BigInteger exponent = new BigInteger(number.substring(exponentMark + 1));
    if (significand.signum() == 0) {
      return BigDecimal.ZERO;
    }
    return significand.scaleByPowerOfTen(exponent.min(EXPONENT_LIMIT).max(EXPONENT_LIMIT.negate()).intValue());
  }
}
