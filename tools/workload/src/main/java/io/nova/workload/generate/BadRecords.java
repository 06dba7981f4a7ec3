package io.nova.workload.generate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records that the job must reject, of every reason that a message itself can give. Each is made
 * from a good record that is not sent itself. Text is ISO-8859-1, one character a byte.
 */
final class BadRecords {
  /**
   * One kind of bad record.
   *
   * @param reason why it must be rejected
   * @param what the kind in words
   * @param spoil makes the bad record from a good one; null is a message without a value
   */
  record Kind(String reason, String what, Function<String, @Nullable String> spoil) {
    byte @Nullable [] of(byte[] good) {
      String bad = spoil.apply(new String(good, StandardCharsets.ISO_8859_1));
      return bad == null ? null : bad.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** All kinds, in turn. The last is too late only when a day of the stream has passed. */
  static final List<Kind> KINDS =
      List.of(
          new Kind("null_value", "no value", good -> null),
          new Kind("empty", "no bytes", good -> ""),
          new Kind("not_json", "plain text", good -> "healthcheck OK"),
          new Kind("not_json", "cut off", good -> good.substring(0, good.length() * 2 / 3)),
          new Kind("not_json", "one brace too many", good -> good + "}"),
          new Kind("not_json", "two records on a line", good -> good + good),
          new Kind("not_json", "a byte that is not UTF-8", good -> in(good, "\u00ff")),
          new Kind("not_json", "a surrogate as UTF-8", good -> in(good, "\u00ed\u00a0\u0080")),
          new Kind("not_json", "a NUL byte in a string", good -> in(good, "\0")),
          new Kind("not_json", "NUL bytes only", good -> "\0\0\0\0"),
          new Kind("not_json", "not a number", good -> set(good, "location_lat", "NaN")),
          new Kind("not_json", "a leading zero", good -> set(good, "event_id", "007")),
          new Kind("not_an_object", "an array", good -> "[" + good + "]"),
          new Kind("not_an_object", "a number", good -> "42"),
          new Kind("not_an_object", "null", good -> "null"),
          new Kind("duplicate_key", "app twice", good -> put(good, "\"app\":1")),
          new Kind("duplicate_key", "written otherwise", good -> put(good, "\"\\u0061pp\":1")),
          new Kind("too_deep", "1,001 levels", good -> set(good, "event_properties", deep(1000))),
          new Kind("too_deep", "10,000 levels", good -> set(good, "data", deep(10_000))),
          new Kind("app_missing", "null", good -> set(good, "app", "null")),
          new Kind("app_missing", "left out", good -> without(good, "app")),
          new Kind("app_invalid", "text", good -> set(good, "app", "\"100001\"")),
          new Kind("app_invalid", "a fraction", good -> set(good, "app", "100001.0")),
          new Kind("app_invalid", "65 bits", good -> set(good, "app", "9223372036854775808")),
          new Kind("upload_time_missing", "null", good -> set(good, "server_upload_time", "null")),
          new Kind("upload_time_missing", "left out", good -> without(good, "server_upload_time")),
          new Kind("upload_time_invalid", "words", good -> uploaded(good, "\"yesterday\"")),
          new Kind("upload_time_invalid", "a number", good -> uploaded(good, "1772445600000")),
          new Kind(
              "upload_time_invalid", "month 13", good -> uploaded(good, "\"2026-13-02 10:00:00\"")),
          new Kind("identity_missing", "null", BadRecords::anonymous),
          new Kind("identity_missing", "empty", good -> set(anonymous(good), "device_id", "\"\"")),
          new Kind("identity_invalid", "a number", good -> set(good, "$insert_id", "17")),
          new Kind("identity_invalid", "an object", good -> set(good, "device_id", "{\"id\":1}")),
          new Kind("identity_invalid", "a boolean", good -> set(good, "uuid", "true")),
          new Kind(
              "identity_invalid",
              "a lone surrogate",
              good -> set(good, "$insert_id", "\"\\ud800\"")),
          new Kind(
              "identity_invalid",
              "an event_id in words",
              good -> set(set(without(good, "$insert_id"), "uuid", "\"\""), "event_id", "\"1\"")),
          new Kind(
              "too_early", "uploaded in 2100", good -> uploaded(good, "\"2100-01-01 00:00:00\"")),
          new Kind("too_late", "uploaded long ago", BadRecords::longAgo));

  private BadRecords() {}

  /** The record with another value for one key. */
  static String set(String record, String key, String json) {
    int at = record.indexOf("\"" + key + "\":") + key.length() + 3;
    return record.substring(0, at) + json + record.substring(endOfValue(record, at));
  }

  static String without(String record, String key) {
    int at = record.indexOf("\"" + key + "\":");
    int end = endOfValue(record, at + key.length() + 3);
    return record.charAt(end) == ','
        ? record.substring(0, at) + record.substring(end + 1)
        : record.substring(0, at - 1) + record.substring(end);
  }

  private static String put(String record, String member) {
    return record.substring(0, record.length() - 1) + "," + member + "}";
  }

  private static String in(String record, String bytes) {
    return put(record, "\"note\":\"a" + bytes + "b\"");
  }

  private static String uploaded(String record, String json) {
    return set(record, "server_upload_time", json);
  }

  private static String anonymous(String record) {
    return set(set(set(record, "$insert_id", "null"), "uuid", "null"), "device_id", "null");
  }

  private static String longAgo(String record) {
    return uploaded(record, "\"2001-01-01 12:00:00.000000\"");
  }

  private static String deep(int levels) {
    char[] text = new char[2 * levels];
    Arrays.fill(text, 0, levels, '[');
    Arrays.fill(text, levels, 2 * levels, ']');
    return new String(text);
  }

  /** The end of a value: the first comma or closing brace outside of strings and brackets. */
  private static int endOfValue(String record, int from) {
    int depth = 0;
    boolean quoted = false;
    for (int i = from; ; i++) {
      char c = record.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (depth == 0 && (c == ',' || c == '}')) {
        return i;
      } else {
        quoted = c == '"';
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
    }
  }
}
