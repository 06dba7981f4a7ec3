package io.nova.bench.day;

import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.util.Map;
import java.util.stream.Collectors;

/** Records of an Amplitude export, for benchmarks. */
public final class ExportRecords {
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("$insert_id", "\"6f1c2a0e-9d1b-4c55-8f0a-1d2e3f405162\""),
          Map.entry("app", "187520"),
          Map.entry("device_id", "\"c8a5f1de-7a45-4f42-9c6f-0b1a2c3d4e5fR\""),
          Map.entry("user_id", "\"user-102934\""),
          Map.entry("amplitude_id", "918273645546"),
          Map.entry("event_type", "\"Add to Cart\""),
          Map.entry("event_id", "4711"),
          Map.entry("session_id", "1772445600000"),
          Map.entry("event_time", "\"2026-03-02 10:02:11.123000\""),
          Map.entry("client_event_time", "\"2026-03-02 10:02:10.998000\""),
          Map.entry("client_upload_time", "\"2026-03-02 10:02:14.001000\""),
          Map.entry("server_received_time", "\"2026-03-02 10:02:14.126000\""),
          Map.entry("server_upload_time", "\"2026-03-02 10:02:14.130000\""),
          Map.entry("processed_time", "\"2026-03-02 10:02:15.870000\""),
          Map.entry("uuid", "\"b6b1f3e2-1c1d-11f1-9a3e-0242ac120002\""),
          Map.entry("country", "\"Germany\""),
          Map.entry("city", "\"Leipzig\""),
          Map.entry("os_name", "\"ios\""),
          Map.entry("platform", "\"iOS\""),
          Map.entry("location_lat", "51.3397"),
          Map.entry("location_lng", "12.3731"),
          Map.entry(
              "event_properties",
              "{\"sku\":\"A-1002\",\"price\":19.9,\"qty\":2,\"[Segment] Group\":\"b\"}"),
          Map.entry("user_properties", "{\"plan\":\"pro\",\"ad_metrics.cost\":5}"));

  private ExportRecords() {}

  /** A record of about 1.5 KB: all 55 keys, 23 of them with a value. */
  public static String typical() {
    return typicalBut(Map.of());
  }

  /** The same record with other JSON values for some keys. */
  static String typicalBut(Map<String, String> others) {
    return EventSchema.columns().stream()
        .map(Column::key)
        .map(key -> "\"" + key + "\":" + others.getOrDefault(key, VALUES.getOrDefault(key, "null")))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
