package io.supplychain.stream;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates of order lines. Their texts repeat, so what was read once is remembered. */
final class Dates {
  private static final int REMEMBERED = 10_000;
  private static final Pattern PATTERN = Pattern.compile(Contract.DATE_PATTERN);

  private final Map<String, Long> known = new HashMap<>();

  /** Returns microseconds since 1970 (UTC), or null where the text is no date that orders can have. */
  Long microseconds(String text) {
    Long micros = known.get(text);
    if (micros == null) {
      micros = read(text);
      remember(text, micros);
    }
    return micros;
  }

  private void remember(String text, Long micros) {
    if (micros == null) {
      return;
    }
    if (known.size() >= REMEMBERED) {
      known.clear();
    }
    known.put(text, micros);
  }

  private static Long read(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    try {
      LocalDate day = LocalDate.parse(matcher.group(1));
      if (day.isBefore(Contract.FIRST_ORDER_DATE) || day.isAfter(Contract.LAST_ORDER_DATE)) {
        return null;
      }
      LocalDateTime time = day.atTime(time(matcher.group(2), matcher.group(3)));
      return time.toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    } catch (DateTimeException notReal) {
      return null;
    }
  }

  private static LocalTime time(String hoursAndMinutes, String seconds) {
    LocalTime time = hoursAndMinutes == null ? LocalTime.MIDNIGHT : LocalTime.parse(hoursAndMinutes);
    return seconds == null ? time : time.withSecond(Integer.parseInt(seconds));
  }
}
