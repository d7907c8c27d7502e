package io.supplychain.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as bytes: nothing that is not UTF-8 passes, nothing is replaced. */
final class StrictUtf8 {
  private static final int GUESSED_FROM = 4;
  /** The first of its three bytes; no JSON begins with it. */
  private static final byte BYTE_ORDER_MARK = (byte) 0xEF;
  private static final char REPLACEMENT = '\uFFFD';

  private StrictUtf8() {}

  /** Tells whether bytes are UTF-8. */
  static boolean isValid(byte[] bytes) {
    // The JVM decodes leniently several times faster than it checks; only a replaced character needs the check.
    if (new String(bytes, StandardCharsets.UTF_8).indexOf(REPLACEMENT) < 0) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  /**
   * Tells whether a JSON parser that guesses the encoding from the first bytes takes them for UTF-8. It takes those with
   * a NUL for UTF-16 or UTF-32, and skips a byte order mark; neither is JSON in UTF-8.
   */
  static boolean cannotBeMistaken(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, GUESSED_FROM); i++) {
      if (bytes[i] == 0) {
        return false;
      }
    }
    return bytes.length == 0 || bytes[0] != BYTE_ORDER_MARK;
  }

  /** Tells whether UTF-8, and with it PostgreSQL, can hold a text: no NUL, no half of a surrogate pair. */
  static boolean canHold(String text) {
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == 0 || Character.isLowSurrogate(character)) {
        return false;
      }
      if (Character.isHighSurrogate(character)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
