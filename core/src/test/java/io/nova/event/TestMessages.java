package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.row.EventSchema;
import java.nio.charset.StandardCharsets;

/** Messages for tests: a complete event, and the keys that a test adds. */
public final class TestMessages {
  /** The keys of a complete event. */
  static final String COMPLETE =
      "\"app\":7,\"device_id\":\"d1\",\"$insert_id\":\"i1\","
          + "\"server_upload_time\":\"2026-11-20 10:02:00.000000\"";

  private TestMessages() {}

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static Parsed parse(String text) {
    return new EventParser().parse(utf8(text));
  }

  /** A complete event with more keys, such as {@code "city":"Bern"}. */
  public static EventFields with(String keys) {
    return ((Parsed.Event) parse("{" + COMPLETE + "," + keys + "}")).fields();
  }

  public static Object value(EventFields fields, String column) {
    Object value = fields.value(EventSchema.indexOf(column));
    return value instanceof EventFields.Slice slice
        ? new String(
            fields.message(), slice.start(), slice.end() - slice.start(), StandardCharsets.UTF_8)
        : value;
  }

  public static void assertRejected(String text, RejectReason reason) {
    assertRejected(utf8(text), reason);
  }

  public static void assertRejected(byte[] message, RejectReason reason) {
    assertThat(new EventParser().parse(message))
        .isInstanceOfSatisfying(
            Parsed.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.detail()).isNotBlank();
            });
  }
}
