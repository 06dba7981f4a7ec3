package io.nova.event;

import io.nova.event.Column.Kind;
import java.util.Objects;

/**
 * Reads out of a row, as {@link RowEncoder} writes it, where the event came from and which payload
 * it has. It skips from field to field and decodes nothing else.
 *
 * <p>Used again from row to row. Not thread safe.
 */
public final class RowOrigin {
  private static final Kind[] KINDS =
      EventSchema.columns().stream().map(Column::kind).toArray(Kind[]::new);
  private static final int UPLOAD_TIME = EventSchema.indexOf("server_upload_time");

  private final PayloadDigest digest;
  private final int[] starts = new int[KINDS.length + 2];
  private byte[] bytes = {};
  private int at;
  private int partition;
  private long offset;
  private long uploadMicros;

  /** Reads rows of a table with this key. */
  public RowOrigin(FingerprintKey key) {
    digest = new PayloadDigest(key);
  }

  /**
   * Reads a row.
   *
   * @param rows an array that holds it, not to be changed before the accessors were called
   * @param from its first byte
   * @throws IllegalStateException where these bytes are no row with an upload time
   */
  public void read(byte[] rows, int from) {
    bytes = rows;
    at = from;
    try {
      skipNumber(); // batch number
      skipNumber(); // shard
      skipText(); // topic
      partition = (int) number();
      offset = number();
      skipOptional(Kind.STRING); // user
      skipColumns();
    } catch (IndexOutOfBoundsException | ArithmeticException outside) {
      throw new IllegalStateException("A row ends within a field", outside);
    }
    if (!isThere(UPLOAD_TIME)) {
      throw new IllegalStateException("A row has no upload time");
    }
    at = starts[UPLOAD_TIME] + 1;
    uploadMicros = number();
  }

  private void skipColumns() {
    for (int i = 0; i < KINDS.length; i++) {
      starts[i] = at;
      skipOptional(KINDS[i]);
    }
    starts[KINDS.length] = at;
    skipOptional(Kind.STRING); // extra
    starts[KINDS.length + 1] = Objects.checkIndex(at, bytes.length + 1);
  }

  private boolean isThere(int column) {
    return starts[column + 1] - starts[column] > 1;
  }

  private void skipOptional(Kind kind) {
    if (number() == 0) {
      return;
    }
    switch (kind) {
      case STRING, JSON -> skipText();
      case INTEGER, TIME -> skipNumber();
      case DOUBLE -> at += Double.BYTES;
      case BOOLEAN -> at++;
    }
  }

  private void skipText() {
    int length = Math.toIntExact(number());
    at = Math.addExact(at, length);
  }

  private void skipNumber() {
    while (bytes[at++] < 0) {
      // the highest bit says that a byte follows
    }
  }

  /** A number as Avro writes it: seven bits a byte from the lowest on, the sign in the lowest. */
  private long number() {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return (value >>> 1) ^ -(value & 1);
  }

  /** Digest of the payload, as {@link PayloadDigest} has it. */
  public long payload() {
    return digest.of(bytes, starts);
  }

  /** Upload time, microseconds since 1970. */
  public long uploadMicros() {
    return uploadMicros;
  }

  /** Kafka partition that the event was read from. */
  public int partition() {
    return partition;
  }

  /** Its offset there. */
  public long offset() {
    return offset;
  }
}
