package io.nova.event.row;

import io.nova.event.EventFields;
import io.nova.event.EventFields.Slice;
import io.nova.event.identity.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
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

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(bytes, null);
  private final int[] starts = new int[EventSchema.columns().size() + 2];
  private @Nullable EventFields encoded;

  /**
   * The place of a row in Kafka, and its batch and shard.
   *
   * @param fingerprint the fingerprint of a row at the end of its batch; null for the others
   */
  public record Placement(
      long batchNumber,
      int shard,
      String topic,
      int partition,
      long offset,
      @Nullable Fingerprint fingerprint) {
    /** The place of a row that does not need its fingerprint. */
    public Placement(long batchNumber, int shard, String topic, int partition, long offset) {
      this(batchNumber, shard, topic, partition, offset, null);
    }
  }

  /** Encodes an event. */
  public byte[] encode(EventFields fields, Placement placement) {
    encoded = fields;
    bytes.reset();
    try {
      write(fields, placement);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
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
    bytes.reset();
    try {
      writeColumns(fields, fields.payload(clientTime), fields.payloadExtra(clientTime));
      avro.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The offsets of the export columns and {@code extra} in the row that was encoded last, and the
   * offset of their end. The array is reused.
   */
  int[] starts() {
    return starts;
  }

  private void write(EventFields fields, Placement placement) throws IOException {
    avro.writeLong(placement.batchNumber());
    avro.writeInt(placement.shard());
    avro.writeString(placement.topic());
    avro.writeInt(placement.partition());
    avro.writeLong(placement.offset());
    writeOptional(fields.message(), user(fields));
    writeColumns(fields, fields::value, fields.extra());
    Fingerprint fingerprint = placement.fingerprint();
    writeOptional(fields.message(), fingerprint == null ? null : fingerprint.hex());
    writeOptional(fields.message(), null);
    avro.flush();
  }

  private void writeColumns(
      EventFields fields, IntFunction<@Nullable Object> values, @Nullable String extra)
      throws IOException {
    int columns = EventSchema.columns().size();
    for (int i = 0; i < columns; i++) {
      starts[i] = bytes.size();
      writeOptional(fields.message(), values.apply(i));
    }
    starts[columns] = bytes.size();
    writeOptional(fields.message(), extra);
    starts[columns + 1] = bytes.size();
  }

  /** amplitude_id, else user_id, else device_id. */
  private static @Nullable String user(EventFields fields) {
    if (fields.value(AMPLITUDE_ID) instanceof Long id) {
      return Long.toString(id);
    }
    String userId = fields.nonEmpty(USER_ID);
    return userId != null ? userId : fields.nonEmpty(DEVICE_ID);
  }

  private void writeOptional(byte[] message, @Nullable Object value) throws IOException {
    if (value == null) {
      avro.writeIndex(0);
      return;
    }
    avro.writeIndex(1);
    if (value instanceof String text) {
      avro.writeString(text);
    } else if (value instanceof Long number) {
      avro.writeLong(number);
    } else if (value instanceof Slice slice) {
      avro.writeBytes(message, slice.start(), slice.end() - slice.start());
    } else if (value instanceof Double number) {
      avro.writeDouble(number);
    } else if (value instanceof Boolean flag) {
      avro.writeBoolean(flag);
    } else {
      throw new IllegalStateException("A field of type " + value.getClass() + " has no encoding");
    }
  }
}
