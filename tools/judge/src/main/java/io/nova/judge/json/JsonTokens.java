package io.nova.judge.json;

import io.nova.judge.json.StrictJson.BrokenText;

/** Checks of single JSON strings and numbers. */
public final class JsonTokens {
  private JsonTokens() {}

  /** Checks the string whose first quote is at {@code from}; returns the index after its last. */
  public static int string(byte[] text, int from) {
    int at = from + 1;
    while (at < text.length) {
      int b = text[at];
      if (b == '"') {
        return at + 1;
      }
      if (b == '\\') {
        at = escape(text, at + 1);
      } else if (b < 0) {
        at = multiByte(text, at);
      } else if (b < 0x20) {
        throw new BrokenText();
      } else {
        at++;
      }
    }
    throw new BrokenText();
  }

  private static int escape(byte[] text, int at) {
    switch (byteAt(text, at)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return at + 1;
      }
      case 'u' -> {
        for (int i = 1; i <= 4; i++) {
          if (Character.digit(byteAt(text, at + i), 16) < 0) {
            throw new BrokenText();
          }
        }
        return at + 5;
      }
      default -> throw new BrokenText();
    }
  }

  /** Checks a character of several bytes by the table of well-formed UTF-8 (Unicode 15, 3-7). */
  private static int multiByte(byte[] text, int at) {
    int first = text[at] & 0xff;
    if (first >= 0xc2 && first <= 0xdf) {
      return follow(text, at, 1, 0x80, 0xbf);
    }
    if (first >= 0xe0 && first <= 0xef) {
      return follow(text, at, 2, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
    }
    if (first >= 0xf0 && first <= 0xf4) {
      return follow(text, at, 3, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    }
    throw new BrokenText();
  }

  private static int follow(byte[] text, int at, int count, int lowest, int highest) {
    for (int i = 1; i <= count; i++) {
      int next = byteAt(text, at + i) & 0xff;
      if (next < (i == 1 ? lowest : 0x80) || next > (i == 1 ? highest : 0xbf)) {
        throw new BrokenText();
      }
    }
    return at + count + 1;
  }

  /** Checks the number that begins at {@code from}; returns the index after it. */
  static int number(byte[] text, int from) {
    int at = byteAt(text, from) == '-' ? from + 1 : from;
    at = byteAt(text, at) == '0' ? at + 1 : digits(text, at);
    if (at < text.length && text[at] == '.') {
      at = digits(text, at + 1);
    }
    if (at < text.length && (text[at] == 'e' || text[at] == 'E')) {
      at++;
      int sign = byteAt(text, at);
      at = digits(text, sign == '+' || sign == '-' ? at + 1 : at);
    }
    return at;
  }

  private static int digits(byte[] text, int from) {
    int at = from;
    while (at < text.length && text[at] >= '0' && text[at] <= '9') {
      at++;
    }
    if (at == from) {
      throw new BrokenText();
    }
    return at;
  }

  private static int byteAt(byte[] text, int at) {
    if (at >= text.length) {
      throw new BrokenText();
    }
    return text[at];
  }
}
