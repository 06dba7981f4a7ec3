package io.nova.bench.event;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The message of one event: 23 keys of an export record and about 528 bytes. Every value is a
 * function of the event's number, which {@link BenchColumn} has in SQL as well. Events of a visit
 * are near each other, users come back, and frequent event types and countries are more frequent.
 */
final class BenchEvent {
  static final int USERS = 50_021;
  static final long APP = 187_231;
  static final long SALT = 2_246_822_519L;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final long WORD = 1L << 32;

  private BenchEvent() {}

  /** Spreads a number over 0 to 2^32 - 1. */
  static long mix(long number, int salt) {
    long first = (number * 2_654_435_761L + salt * SALT) % WORD;
    long second = (first ^ (first >> 15)) * 1_540_483_477L % WORD;
    return second ^ (second >> 13);
  }

  /** Appends the message as JSON. */
  static void write(StringBuilder out, long number, long uploadMicros, long sessionMillis) {
    long user = user(number);
    int platform = (int) (user % 3);
    int country = (int) Math.min(mix(user, 13) % 8, mix(user, 16) % 8);
    long happened = uploadMicros - mix(number, 14) % 120 * 1_000_000 - mix(number, 15) % 1_000_000;
    uuid(out.append("{\"$insert_id\":\""), number, 1);
    out.append("\",\"event_id\":").append(number);
    out.append(",\"event_type\":\"").append(BenchColumn.TYPES.get(type(number)));
    time(out.append("\",\"client_event_time\":\""), happened / 1000 * 1000);
    time(out.append("\",\"event_time\":\""), happened);
    properties(out.append("\",\"event_properties\":"), number);
    time(out.append(",\"server_upload_time\":\""), uploadMicros);
    out.append("\",\"app\":").append(APP);
    uuid(out.append(",\"device_id\":\""), user, 7);
    if (user % 3 != 0) {
      out.append("\",\"user_id\":\"u").append(user);
    }
    out.append("\",\"session_id\":").append(sessionMillis);
    out.append(",\"platform\":\"").append(BenchColumn.PLATFORMS.get(platform));
    out.append("\",\"os_version\":\"").append(BenchColumn.OS_VERSIONS.get(platform));
    out.append("\",\"country\":\"").append(BenchColumn.COUNTRIES.get(country));
    out.append("\",\"city\":\"").append(BenchColumn.CITIES.get(country));
    out.append("\",\"version_name\":\"4.").append(user % 7).append('.').append(user % 5);
    out.append("\",\"user_properties\":{\"plan\":\"").append(BenchColumn.PLANS.get(platform));
    out.append("\"}}");
  }

  private static void properties(StringBuilder out, long number) {
    long product = mix(number, 17) % 2_000;
    out.append("{\"product\":\"p").append(10_000 + product);
    out.append("\",\"cents\":").append(199 + product * 13).append('}');
  }

  static long user(long number) {
    return mix(visit(number), 6) % USERS;
  }

  /** One of 64 visits that go on in each 512 events. */
  private static long visit(long number) {
    return number / 512 * 64 + mix(number, 5) % 64;
  }

  private static int type(long number) {
    return (int) Math.min(mix(number, 11) % 20, mix(number, 12) % 20);
  }

  private static void time(StringBuilder out, long micros) {
    TIME.formatTo(EPOCH.plus(micros, ChronoUnit.MICROS), out);
  }

  private static void uuid(StringBuilder out, long number, int salt) {
    for (int word = 0; word < 4; word++) {
      long bits = mix(number, salt + word);
      for (int digit = 7; digit >= 0; digit--) {
        if ((word == 1 || word == 2) && (digit == 7 || digit == 3)) {
          out.append('-');
        }
        out.append(HEX[(int) (bits >> (4 * digit)) & 15]);
      }
    }
  }
}
