package io.supplychain.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text as bytes: nothing that is not UTF-8 passes, nothing is replaced. */
final class StrictUtf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private StrictUtf8() {}

  /**
   * Decodes bytes.
   *
   * @throws CharacterCodingException the bytes are not UTF-8
   */
  static String decode(byte[] bytes) throws CharacterCodingException {
    // The JVM decodes leniently several times faster than it checks; only a replaced character needs the check.
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    }
    return text;
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
