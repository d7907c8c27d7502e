package io.supplychain.stream;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of order lines. Their days repeat, and so do their times of day: what was read once is remembered. */
final class Dates {
  private static final int REMEMBERED = 100_000;
  private static final int DAY_LENGTH = 10;
  private static final Pattern DAY = Pattern.compile(Contract.DAY_PATTERN);
  private static final Pattern TIME = Pattern.compile(Contract.TIME_PATTERN);
  private static final long NONE = -1;

  private final Map<String, Long> days = new HashMap<>();
  private final Map<String, Long> times = new HashMap<>();

  /** Returns microseconds since 1970 (UTC), or null where the text is no date that orders can have. */
  Long microseconds(String text) {
    if (text.length() < DAY_LENGTH) {
      return null;
    }
    long day = remembered(days, text.substring(0, DAY_LENGTH), Dates::epochDay);
    long second = remembered(times, text.substring(DAY_LENGTH), Dates::secondOfDay);
    return day == NONE || second == NONE ? null : (day * 86_400 + second) * 1_000_000;
  }

  private static long remembered(Map<String, Long> known, String text, Function<String, Long> read) {
    Long value = known.get(text);
    if (value == null) {
      if (known.size() >= REMEMBERED) {
        known.clear();
      }
      value = read.apply(text);
      known.put(text, value);
    }
    return value;
  }

  /** Orders are never from before 1970, so that a negative day can stand for none. */
  private static long epochDay(String text) {
    if (!DAY.matcher(text).matches()) {
      return NONE;
    }
    try {
      LocalDate day = LocalDate.parse(text);
      boolean known = !day.isBefore(Contract.FIRST_ORDER_DATE) && !day.isAfter(Contract.LAST_ORDER_DATE);
      return known ? day.toEpochDay() : NONE;
    } catch (DateTimeException notReal) {
      return NONE;
    }
  }

  private static long secondOfDay(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return NONE;
    }
    if (matcher.group(1) == null) {
      return 0;
    }
    try {
      LocalTime minute = LocalTime.parse(matcher.group(1));
      LocalTime time = matcher.group(2) == null ? minute : minute.withSecond(Integer.parseInt(matcher.group(2)));
      return time.toSecondOfDay();
    } catch (DateTimeException notReal) {
      return NONE;
    }
  }
}
