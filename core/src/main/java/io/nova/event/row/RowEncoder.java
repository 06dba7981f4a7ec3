package io.nova.event.row;

import io.nova.event.EventFields;
import io.nova.event.EventFields.Slice;
import io.nova.event.identity.Fingerprint;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Encodes an event as a row: the Avro bytes of {@link EventSchema#avro()}, as in a block file.
 *
 * <p>Not thread safe: one for each thread.
 */
public final class RowEncoder {
  private static final int AMPLITUDE_ID = EventSchema.indexOf("amplitude_id");
  private static final int USER_ID = EventSchema.indexOf("user_id");
  private static final int DEVICE_ID = EventSchema.indexOf("device_id");

  private final RowBuffer row = new RowBuffer();
  private final int[] starts = new int[EventSchema.columns().size() + 2];
  private @Nullable EventFields encoded;

  /**
   * The place of a row in Kafka, and its batch and shard.
   *
   * @param index its place among the elements of its message; 0 in a message of one event
   * @param fingerprint the fingerprint of a row at the end of its batch; null for the others
   */
  public record Placement(
      long batchNumber,
      int shard,
      String topic,
      int partition,
      long offset,
      int index,
      @Nullable Fingerprint fingerprint) {
    /** The place of a row that is alone in its message and does not need its fingerprint. */
    public Placement(long batchNumber, int shard, String topic, int partition, long offset) {
      this(batchNumber, shard, topic, partition, offset, 0, null);
    }
  }

  /** Encodes an event. */
  public byte[] encode(EventFields fields, Placement placement) {
    encoded = fields;
    row.clear();
    row.number(placement.batchNumber());
    row.number(placement.shard());
    row.text(placement.topic());
    row.number(placement.partition());
    row.number(placement.offset());
    row.number(placement.index());
    user(fields);
    columns(fields);
    Fingerprint fingerprint = placement.fingerprint();
    optional(fields.message(), fingerprint == null ? null : fingerprint.hex());
    row.absent();
    return row.toBytes();
  }

  /**
   * The columns of the event that was encoded last, without the stamps of servers in {@code extra}
   * and in property objects; null where there are none, so that the row itself has the payload.
   * Then {@link #starts} are those of the result.
   */
  byte @Nullable [] payload() {
    EventFields fields = Objects.requireNonNull(encoded);
    boolean clientTime = fields.value(ServerStamps.CLIENT_EVENT_TIME) != null;
    if (!fields.hasStamps(clientTime)) {
      return null;
    }
    row.clear();
    IntFunction<@Nullable Object> values = fields.payload(clientTime);
    int columns = EventSchema.columns().size();
    for (int i = 0; i < columns; i++) {
      starts[i] = row.size();
      optional(fields.message(), values.apply(i));
    }
    starts[columns] = row.size();
    optional(fields.message(), fields.payloadExtra(clientTime));
    starts[columns + 1] = row.size();
    return row.toBytes();
  }

  /**
   * The offsets of the export columns and {@code extra} in the row that was encoded last, and the
   * offset of their end. The array is reused.
   */
  int[] starts() {
    return starts;
  }

  private void columns(EventFields fields) {
    int columns = EventSchema.columns().size();
    for (int i = 0; i < columns; i++) {
      starts[i] = row.size();
      column(fields, i);
    }
    starts[columns] = row.size();
    optional(fields.message(), fields.extra());
    starts[columns + 1] = row.size();
  }

  private void column(EventFields fields, int column) {
    if (fields.isNumber(column)) {
      row.present();
      row.number(fields.number(column));
    } else if (fields.isRange(column)) {
      row.present();
      row.text(fields.message(), fields.start(column), fields.end(column));
    } else {
      optional(fields.message(), fields.other(column));
    }
  }

  /** amplitude_id, else user_id, else device_id. */
  private void user(EventFields fields) {
    if (fields.isNumber(AMPLITUDE_ID)) {
      optional(fields.message(), Long.toString(fields.number(AMPLITUDE_ID)));
    } else if (fields.hasText(USER_ID)) {
      column(fields, USER_ID);
    } else if (fields.hasText(DEVICE_ID)) {
      column(fields, DEVICE_ID);
    } else {
      row.absent();
    }
  }

  private void optional(byte[] message, @Nullable Object value) {
    if (value == null) {
      row.absent();
      return;
    }
    row.present();
    if (value instanceof String text) {
      row.text(text);
    } else if (value instanceof Long number) {
      row.number(number);
    } else if (value instanceof Slice slice) {
      row.text(message, slice.start(), slice.end());
    } else if (value instanceof Double number) {
      row.real(number);
    } else if (value instanceof Boolean flag) {
      row.flag(flag);
    } else {
      throw new IllegalStateException("A field of type " + value.getClass() + " has no encoding");
    }
  }
}
