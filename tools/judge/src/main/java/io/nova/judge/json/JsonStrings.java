package io.nova.judge.json;

import java.nio.charset.StandardCharsets;

/** JSON strings that were checked, as text. */
public final class JsonStrings {
  private JsonStrings() {}

  /** The text between two quotes. An escaped lone surrogate stays a lone surrogate. */
  public static String decode(byte[] json, int start, int end) {
    for (int i = start; i < end; i++) {
      if (json[i] == '\\') {
        return unescape(new String(json, start, end - start, StandardCharsets.UTF_8));
      }
    }
    return new String(json, start, end - start, StandardCharsets.UTF_8);
  }

  /** Whether the text between two quotes has a lone surrogate. */
  static boolean hasLoneSurrogate(byte[] json, int start, int end) {
    for (int i = start; i < end; i++) {
      if (json[i] == '\\') {
        return hasLoneSurrogate(decode(json, start, end));
      }
    }
    return false;
  }

  /** Whether a text has a lone surrogate, so that it has no UTF-8 form. */
  public static boolean hasLoneSurrogate(String text) {
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

  /** A JSON string in quotes, in which everything but printable ASCII is escaped. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        out.append(c);
      } else {
        out.append("\\u%04x".formatted((int) c));
      }
    }
    return out.append('"').toString();
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
      } else if (text.charAt(++i) == 'u') {
        out.append((char) Integer.parseInt(text, i + 1, i + 5, 16));
        i += 4;
      } else {
        out.append(meaning(text.charAt(i)));
      }
    }
    return out.toString();
  }

  private static char meaning(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }
}
