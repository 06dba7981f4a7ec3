package io.nova.console.chart;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One event of a test.
 *
 * @param properties JSON values by the name of the property of the event
 */
record ChartEvent(
    Instant time,
    @Nullable String type,
    @Nullable Long amplitudeId,
    @Nullable String userId,
    @Nullable String deviceId,
    @Nullable String country,
    Map<String, String> properties) {
  ChartEvent {
    properties = new TreeMap<>(properties);
  }

  /** An event of user u at a time of 2026-11-20, such as 10:02:00. */
  static ChartEvent at(String time, String type) {
    return new ChartEvent(
        Instant.parse("2026-11-20T%sZ".formatted(time)), type, null, "u", null, null, Map.of());
  }

  ChartEvent by(String user) {
    return new ChartEvent(time, type, null, user, deviceId, country, properties);
  }

  ChartEvent of(@Nullable Long amplitude, @Nullable String user, @Nullable String device) {
    return new ChartEvent(time, type, amplitude, user, device, country, properties);
  }

  ChartEvent in(@Nullable String newCountry) {
    return new ChartEvent(time, type, amplitudeId, userId, deviceId, newCountry, properties);
  }

  ChartEvent with(String property, String json) {
    Map<String, String> more = new TreeMap<>(properties);
    more.put(property, json);
    return new ChartEvent(time, type, amplitudeId, userId, deviceId, country, more);
  }

  /** The JSON object of the properties. */
  @Nullable String json() {
    return properties.isEmpty()
        ? null
        : properties.entrySet().stream()
            .map(each -> "%s:%s".formatted(ChartForms.json(each.getKey()), each.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
  }
}
