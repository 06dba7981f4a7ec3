package io.nova.judge;

import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.ExportKey;
import io.nova.judge.record.ExportKeys;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One event, as a message says it or as a query answers it: its identity, and what must not change
 * on its way.
 *
 * @param identity a digest of the identity
 * @param uploadMicros the upload time in microseconds since 1970
 * @param eventMicros the event time in microseconds since 1970; null for none
 * @param eventType the event type; null for none
 * @param user the user; null for none
 */
public record EventRow(
    Digest.Words identity,
    long uploadMicros,
    @Nullable Long eventMicros,
    @Nullable String eventType,
    @Nullable String user) {
  private static final String USER = "user";
  private static final ExportKey EVENT_TIME = key("event_time");
  private static final ExportKey EVENT_TYPE = key("event_type");
  private static final List<ExportKey> KEYS =
      Stream.of(
              "app",
              "client_event_time",
              "device_id",
              "event_id",
              "event_time",
              "event_type",
              "insert_id",
              "server_upload_time",
              "uuid")
          .map(EventRow::key)
          .toList();

  /** The columns of a query's answer that a row is made of. */
  public static final List<String> COLUMNS =
      Stream.concat(KEYS.stream().map(ExportKey::column), Stream.of(USER)).toList();

  private static ExportKey key(String column) {
    return ExportKeys.ALL.stream()
        .filter(key -> key.column().equals(column))
        .findFirst()
        .orElseThrow();
  }

  /** The event of a message without faults. */
  static EventRow of(Content content) {
    return of(content, content.user().orElse(null));
  }

  /**
   * The event of a row of an answer, by Amplitude's kinds of identity.
   *
   * @param column the text of each of {@link #COLUMNS}; null for none. An instant has its offset
   * @throws IllegalArgumentException if the row has no identity or no upload time
   */
  public static EventRow of(Function<String, @Nullable String> column) {
    Content content = new Content(List.of());
    for (ExportKey key : KEYS) {
      String text = column.apply(key.column());
      content.put(key, text == null ? null : value(key, text));
    }
    return of(content, column.apply(USER));
  }

  private static EventRow of(Content content, @Nullable String user) {
    Digest.Words identity =
        content
            .identity(new Digest())
            .orElseThrow(
                () -> new IllegalArgumentException("No identity in a row: " + content.who()));
    Long upload =
        content
            .uploadMicros()
            .orElseThrow(
                () -> new IllegalArgumentException("No upload time in a row: " + content.who()));
    return new EventRow(
        identity, upload, (Long) content.get(EVENT_TIME), (String) content.get(EVENT_TYPE), user);
  }

  private static Object value(ExportKey key, String text) {
    return switch (key.fit()) {
      case INTEGER -> (Object) Long.valueOf(text);
      case TIME -> (Object) micros(text);
      default -> text;
    };
  }

  private static Long micros(String text) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, OffsetDateTime.parse(text));
  }
}
