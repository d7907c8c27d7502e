package io.supplychain.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Amounts of money in whole cents. */
final class Cents {
  /** A longer exponent than this outweighs every digit that a message can hold. */
  private static final BigInteger EXPONENT_LIMIT = BigInteger.valueOf(2L * Contract.MAX_BYTES);

  /** Of this length are numbers whose cents are a long, whatever their digits. */
  private static final int PLAIN_LENGTH = 16;

  private Cents() {}

  /**
   * Reads a JSON number and rounds it half up, away from zero.
   *
   * @return cents; the largest or smallest long for an amount beyond it
   */
  static long of(String number) {
    return isPlain(number) ? plain(number) : rounded(number);
  }

  /** Tells whether a number is short and has two decimals at most, as nearly all have: whole numbers do for it. */
  private static boolean isPlain(String number) {
    int point = number.indexOf('.');
    boolean isShort = number.length() <= PLAIN_LENGTH && (point < 0 || number.length() - point <= 3);
    return isShort && number.indexOf('e') < 0 && number.indexOf('E') < 0;
  }

  private static long plain(String number) {
    int point = number.indexOf('.');
    if (point < 0) {
      return Long.parseLong(number) * 100;
    }
    long digits = Long.parseLong(number.substring(0, point) + number.substring(point + 1));
    return number.length() - point == 3 ? digits : digits * 10;
  }

  private static long rounded(String number) {
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
