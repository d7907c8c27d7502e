package io.supplychain.stream;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of order lines. Their days repeat: what was read once is remembered. */
final class Dates {
  private static final int REMEMBERED = 100_000;
  private static final int DAY_LENGTH = 10;
  private static final Pattern DAY = Pattern.compile(Contract.DAY_PATTERN);
  private static final Pattern TIME = Pattern.compile(Contract.TIME_PATTERN);
  private static final long NONE = -1;

  private final Map<String, Long> days = new HashMap<>();

  /** Returns microseconds since 1970 (UTC), or null where the text is no date that orders can have. */
  Long microseconds(String text) {
    if (text.length() < DAY_LENGTH) {
      return null;
    }
    long day = day(text.substring(0, DAY_LENGTH));
    long second = secondOfDay(text.substring(DAY_LENGTH));
    return day == NONE || second == NONE ? null : (day * 86_400 + second) * 1_000_000;
  }

  private long day(String text) {
    Long known = days.get(text);
    if (known == null) {
      if (days.size() >= REMEMBERED) {
        days.clear();
      }
      known = epochDay(text);
      days.put(text, known);
    }
    return known;
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
    if (isPlainTime(text)) {
      return (twoDigits(text, 1) * 60 + twoDigits(text, 4)) * 60 + twoDigits(text, 7);
    }
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

  /** Tells whether a text is a time as the platform writes it, {@code T23:59:59+00:00}: most are, patterns are slow. */
  private static boolean isPlainTime(String text) {
    return text.length() == 15
        && text.endsWith("+00:00")
        && text.charAt(0) == 'T'
        && text.charAt(3) == ':'
        && text.charAt(6) == ':'
        && isBelow(text, 1, 24)
        && isBelow(text, 4, 60)
        && isBelow(text, 7, 60);
  }

  private static boolean isBelow(String text, int start, int limit) {
    return isDigit(text.charAt(start)) && isDigit(text.charAt(start + 1)) && twoDigits(text, start) < limit;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static long twoDigits(String text, int start) {
    return (text.charAt(start) - '0') * 10 + text.charAt(start + 1) - '0';
  }
}
