package io.nova.event.row;

import io.nova.event.identity.FingerprintKey;
import java.util.Objects;

/**
 * Reads out of a row, as {@link RowEncoder} writes it, where the event came from and which payload
 * it has.
 *
 * <p>Used again from row to row. Not thread safe.
 */
public final class RowOrigin {
  private static final int PARTITION = position(EventSchema.KAFKA_PARTITION);
  private static final int OFFSET = position(EventSchema.KAFKA_OFFSET);
  private static final int UPLOAD_TIME = position("server_upload_time");
  private static final int FIRST_EXPORT = position(EventSchema.columns().get(0).name());
  private static final int EXTRA = position(EventSchema.EXTRA);

  private final PayloadDigest digest;
  private final RowCursor cursor = new RowCursor();
  private final int[] starts = new int[EXTRA + 2 - FIRST_EXPORT];
  private byte[] bytes = {};
  private long uploadMicros;

  /** Reads rows of a table with this key. */
  public RowOrigin(FingerprintKey key) {
    digest = new PayloadDigest(key);
  }

  private static int position(String field) {
    return EventSchema.avro().getField(field).pos();
  }

  /**
   * Reads a row.
   *
   * @param rows an array that holds it, not to be changed before the accessors were called
   * @param offset its first byte
   * @throws IllegalStateException where these bytes are no row with an upload time
   */
  public void read(byte[] rows, int offset) {
    bytes = rows;
    try {
      cursor.move(rows, offset, EXTRA);
      Objects.checkIndex(cursor.end(EXTRA), rows.length + 1);
    } catch (IndexOutOfBoundsException outside) {
      throw new IllegalStateException("A row ends within a field", outside);
    }
    if (!(cursor.value(UPLOAD_TIME) instanceof Long micros)) {
      throw new IllegalStateException("A row has no upload time");
    }
    uploadMicros = micros;
  }

  /** Digest of the payload, as {@link PayloadDigest} has it. */
  public long payload() {
    for (int i = 0; i < starts.length; i++) {
      starts[i] = cursor.start(FIRST_EXPORT + i);
    }
    return digest.of(bytes, starts);
  }

  /** Upload time, microseconds since 1970. */
  public long uploadMicros() {
    return uploadMicros;
  }

  /** Kafka partition that the event was read from. */
  public int partition() {
    return (int) Objects.requireNonNull(cursor.value(PARTITION));
  }

  /** Its offset there. */
  public long offset() {
    return (long) Objects.requireNonNull(cursor.value(OFFSET));
  }
}
