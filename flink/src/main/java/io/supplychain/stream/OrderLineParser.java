package io.supplychain.stream;

import io.supplychain.stream.FieldType.Date;
import io.supplychain.stream.FieldType.Money;
import io.supplychain.stream.FieldType.Text;
import io.supplychain.stream.FieldType.WholeNumber;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.StreamReadConstraints;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.util.JsonRecyclerPools;

/**
 * Reads order lines from messages and holds them to the contract.
 *
 * <p>A parser keeps the values of the message it read last; it belongs to one thread.
 */
final class OrderLineParser {
  private static final int LONG_DIGITS = 18;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // The size of a message bounds numbers and names; Jackson's own limits are no part of the contract.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Contract.MAX_DEPTH)
                  .maxNumberLength(Contract.MAX_BYTES)
                  .maxNameLength(Contract.MAX_BYTES)
                  .build())
          // Foreign names must neither fill the JVM's string table nor fail a message by colliding.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          // Its default, a variable of each thread, is looked up and cleaned up for every message.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .build();

  private final Dates dates = new Dates();
  private final JsonToken[] tokens = new JsonToken[Field.ALL.length];
  private final String[] texts = new String[Field.ALL.length];
  private final long[] numbers = new long[Field.ALL.length];

  /**
   * Reads one message; its values can be asked for afterwards.
   *
   * @param message the message's value, null for a tombstone
   * @throws Rejection for the first reason that applies
   */
  void parse(byte[] message) throws Rejection {
    require(message != null, Reason.NULL_VALUE);
    require(message.length <= Contract.MAX_BYTES, Reason.TOO_LARGE);
    require(StrictUtf8.isValid(message), Reason.WRONG_ENCODING);
    require(StrictUtf8.cannotBeMistaken(message), Reason.NOT_JSON);
    readObject(message);
    for (Field field : Field.ALL) {
      check(field);
    }
  }

  /** Forgets the message: numbers are zero and texts empty. */
  void clear() {
    Arrays.fill(numbers, 0);
    Arrays.fill(texts, "");
  }

  /** The text of a text field. */
  String text(Field field) {
    return texts[field.ordinal()];
  }

  /** A whole number as it is, money in cents, a date in microseconds since 1970 (UTC). */
  long number(Field field) {
    return numbers[field.ordinal()];
  }

  private void readObject(byte[] json) throws Rejection {
    Arrays.fill(tokens, null);
    try (JsonParser parser = JSON.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, Reason.NOT_JSON);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Field field = Field.named(parser.currentName());
        JsonToken token = parser.nextToken();
        if (field != null) {
          tokens[field.ordinal()] = token;
          texts[field.ordinal()] = token.isScalarValue() ? parser.getText() : null;
        }
        parser.skipChildren();
      }
      require(parser.nextToken() == null, Reason.NOT_JSON);
    } catch (IOException malformed) {
      throw new Rejection(Reason.NOT_JSON);
    }
  }

  private void check(Field field) throws Rejection {
    JsonToken token = tokens[field.ordinal()];
    if (token == null) {
      throw new Rejection(Reason.MISSING_FIELD, field);
    }
    if (token == JsonToken.VALUE_NULL) {
      throw new Rejection(Reason.NULL_VALUE, field);
    }
    FieldType type = field.type();
    if (type instanceof WholeNumber bounds) {
      require(token == JsonToken.VALUE_NUMBER_INT, Reason.WRONG_TYPE, field);
      checkWholeNumber(field, bounds);
    } else if (type instanceof Money bounds) {
      require(token.isNumeric(), Reason.WRONG_TYPE, field);
      checkMoney(field, bounds);
    } else {
      require(token == JsonToken.VALUE_STRING, Reason.WRONG_TYPE, field);
      checkLength(field);
      if (type instanceof Text known) {
        checkText(field, known);
      } else if (type instanceof Date) {
        checkDate(field);
      }
    }
  }

  private void checkWholeNumber(Field field, WholeNumber bounds) throws Rejection {
    long number = saturatedLong(text(field));
    require(field != Field.QUANTITY || number > 0, Reason.QUANTITY_NOT_POSITIVE, field);
    require(number >= bounds.minimum() && number <= bounds.maximum(), Reason.OUT_OF_RANGE, field);
    numbers[field.ordinal()] = number;
  }

  private void checkMoney(Field field, Money bounds) throws Rejection {
    long cents = Cents.of(text(field));
    require(cents >= bounds.minimumCents() && cents <= bounds.maximumCents(), Reason.OUT_OF_RANGE, field);
    numbers[field.ordinal()] = cents;
  }

  private void checkLength(Field field) throws Rejection {
    String text = text(field);
    require(StrictUtf8.canHold(text), Reason.WRONG_ENCODING, field);
    boolean fits =
        text.length() <= Contract.MAX_TEXT || text.codePointCount(0, text.length()) <= Contract.MAX_TEXT;
    require(fits, Reason.TOO_LARGE, field);
  }

  private void checkText(Field field, Text known) throws Rejection {
    String text = text(field);
    boolean isKnown = known.values().isEmpty() ? !text.isEmpty() : known.values().contains(text);
    require(isKnown, Reason.UNKNOWN_VALUE, field);
  }

  private void checkDate(Field field) throws Rejection {
    Long micros = dates.microseconds(text(field));
    require(micros != null, Reason.BAD_DATE, field);
    numbers[field.ordinal()] = micros;
  }

  private static void require(boolean holds, Reason otherwise) throws Rejection {
    if (!holds) {
      throw new Rejection(otherwise);
    }
  }

  private static void require(boolean holds, Reason otherwise, Field field) throws Rejection {
    if (!holds) {
      throw new Rejection(otherwise, field);
    }
  }

  /** Reads a JSON integer of any size; beyond a long it is as good as the nearest one, which no bound includes. */
  private static long saturatedLong(String digits) {
    if (digits.length() <= LONG_DIGITS) {
      return Long.parseLong(digits);
    }
    BigInteger number = new BigInteger(digits);
    if (number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    return number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
