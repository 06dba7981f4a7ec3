package io.nova.event;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The values of one message by export column, and what had no fitting column.
 *
 * <p>Values are {@link String}, {@link Long} (integers, and times in microseconds since 1970),
 * {@link Double}, {@link Boolean} or {@link Slice}; null where absent. Holds on to the message.
 */
public final class EventFields {
  private final byte[] message;
  private final @Nullable Object[] values = new Object[EventSchema.columns().size()];
  private @Nullable StringBuilder extra;
  private long misfits;

  /** Bytes of the message that are kept as they came: {@code [start, end)}. */
  public record Slice(int start, int end) {}

  EventFields(byte[] message) {
    this.message = message;
  }

  /** The message that the slices point into. */
  public byte[] message() {
    return message;
  }

  /** The value of the column at this position of {@link EventSchema#columns()}. */
  public @Nullable Object value(int index) {
    return values[index];
  }

  /** A JSON object of all that had no fitting column, if there was any. */
  public @Nullable String extra() {
    return extra == null ? null : extra + "}";
  }

  void set(int index, Object value) {
    values[index] = value;
  }

  /** Notes that the message has a value for a column which the column cannot hold as it is. */
  void setMisfit(int index) {
    misfits |= 1L << index;
  }

  /** Whether the message has a value for a column which the column cannot hold as it is. */
  boolean misfit(int index) {
    return (misfits & 1L << index) != 0;
  }

  /** Keeps a key and its value, both as they stand in the message. */
  void keep(Slice key, Slice value) {
    extra = extra == null ? new StringBuilder("{") : extra.append(',');
    extra.append(text(key)).append(':').append(text(value));
  }

  private String text(Slice slice) {
    return new String(message, slice.start(), slice.end() - slice.start(), StandardCharsets.UTF_8);
  }

  /** The non-empty string in a column, null where there is none. */
  @Nullable String nonEmpty(int index) {
    return values[index] instanceof String text && !text.isEmpty() ? text : null;
  }
}
