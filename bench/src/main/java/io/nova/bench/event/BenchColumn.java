package io.nova.bench.event;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A column of the events that {@code nova bench} sends.
 *
 * @param name its name in Nova's table and in the peer's files
 * @param key its key in the message
 * @param type its type in Flink SQL
 * @param expected its value as DuckDB's SQL over the event's number {@code n}, its user {@code u},
 *     its country {@code c} and its upload time {@code t} in microseconds
 */
public record BenchColumn(String name, String key, String type, String expected) {
  static final List<String> TYPES =
      List.of(
          "[Amplitude] Page Viewed",
          "Product Viewed",
          "Search Performed",
          "Product Added",
          "Article Read",
          "session_start",
          "session_end",
          "Filter Applied",
          "Image Zoomed",
          "Review Read",
          "Checkout Started",
          "Payment Entered",
          "Order Completed",
          "Item Shared",
          "Wishlist Opened",
          "Coupon Entered",
          "Help Opened",
          "Error Shown",
          "Sign Up Completed",
          "Order Returned");

  static final List<String> PLATFORMS = List.of("iOS", "Android", "Web");
  static final List<String> OS_VERSIONS = List.of("17.4", "14", "122.0");
  static final List<String> PLANS = List.of("free", "pro", "team");

  static final List<String> COUNTRIES =
      List.of(
          "Germany",
          "United States",
          "France",
          "Brazil",
          "Japan",
          "India",
          "Netherlands",
          "Sweden");

  static final List<String> CITIES =
      List.of(
          "Berlin", "New York", "Paris", "Sao Paulo", "Tokyo", "Mumbai", "Amsterdam", "Stockholm");

  private static final String TEXT = "STRING";
  private static final String NUMBER = "BIGINT";
  private static final String TIME = "TIMESTAMP(6)";

  /** All columns, in the order of the message. */
  public static final List<BenchColumn> ALL =
      List.of(
          new BenchColumn("insert_id", "$insert_id", TEXT, "uuid_of(n, 1)"),
          same("event_id", NUMBER, "n"),
          same("event_type", TEXT, list(TYPES, "least(mix(n, 11) % 20, mix(n, 12) % 20)")),
          same("client_event_time", TIME, "(t - ago(n)) // 1000 * 1000"),
          same("event_time", TIME, "t - ago(n)"),
          same(
              "event_properties",
              TEXT,
              "'{\"product\":\"p' || (10000 + mix(n, 17) % 2000) || '\",\"cents\":'"
                  + " || (199 + mix(n, 17) % 2000 * 13) || '}'"),
          same("server_upload_time", TIME, "t"),
          same("app", NUMBER, Long.toString(BenchEvent.APP)),
          same("device_id", TEXT, "uuid_of(u, 7)"),
          same("user_id", TEXT, "CASE WHEN u % 3 <> 0 THEN 'u' || u END"),
          same("session_id", NUMBER, "s"),
          same("platform", TEXT, list(PLATFORMS, "u % 3")),
          same("os_version", TEXT, list(OS_VERSIONS, "u % 3")),
          same("country", TEXT, list(COUNTRIES, "c")),
          same("city", TEXT, list(CITIES, "c")),
          same("version_name", TEXT, "'4.' || u % 7 || '.' || u % 5"),
          same("user_properties", TEXT, "'{\"plan\":\"' || " + list(PLANS, "u % 3") + " || '\"}'"));

  private static BenchColumn same(String name, String type, String expected) {
    return new BenchColumn(name, name, type, expected);
  }

  private static String list(List<String> values, String index) {
    return values.stream().collect(Collectors.joining("', '", "['", "'][1 + " + index + "]"));
  }

  /** Its value in a file as DuckDB's SQL: times in microseconds since 1970. */
  public String stored() {
    return type.equals(TIME) ? "epoch_us(%s)".formatted(name) : name;
  }
}
