package io.nova.event;

import java.nio.charset.StandardCharsets;

/** Finds the ends of values in well-formed JSON text, and strings that UTF-8 cannot encode. */
final class JsonBounds {
  private JsonBounds() {}

  /**
   * The closing quote of the string that starts here; -1 where the string has escapes, or is not
   * closed. The bytes between the quotes are its text.
   */
  static int closingQuote(byte[] json, int start) {
    for (int i = start + 1; i < json.length; i++) {
      if (json[i] == '"') {
        return i;
      }
      if (json[i] == '\\') {
        return -1;
      }
    }
    return -1;
  }

  /** The index after the closing quote of the string that starts here. */
  static int endOfString(byte[] json, int start) {
    int i = start + 1;
    while (json[i] != '"') {
      i += json[i] == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  /** The index after the string, number or literal that starts here. */
  static int endOfScalar(byte[] json, int start) {
    if (json[start] == '"') {
      return endOfString(json, start);
    }
    int i = start;
    while (i < json.length && ",]} \t\r\n".indexOf(json[i]) < 0) {
      i++;
    }
    return i;
  }

  /** The string, number or literal that starts here, as it is written. */
  static String scalar(byte[] json, int start) {
    return new String(json, start, endOfScalar(json, start) - start, StandardCharsets.UTF_8);
  }

  /** Whether a text has a surrogate without its pair, as {@code \ud800} in JSON gives. */
  static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a number is zero as written, and not only too small for a double: 0, -0.0, 0e5. */
  static boolean isZero(String number) {
    int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
    String digits = exponent < 0 ? number : number.substring(0, exponent);
    return digits.chars().noneMatch(c -> c >= '1' && c <= '9');
  }
}
