package io.nova.event.row;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds the columns of an encoded row without decoding it.
 *
 * <p>Avro writes the fields of a row one after the other: a null is one byte, an integer has a
 * marked end, a string begins with its length. So most of a row is skipped, and columns are copied
 * as bytes.
 *
 * <p>Reused from row to row. Not thread safe.
 */
public final class RowCursor {
  private static final List<Schema.Field> FIELDS = EventSchema.avro().getFields();
  private static final boolean[] OPTIONAL = new boolean[FIELDS.size()];
  private static final Schema.Type[] TYPES = new Schema.Type[FIELDS.size()];

  static {
    for (int column = 0; column < TYPES.length; column++) {
      Schema schema = FIELDS.get(column).schema();
      OPTIONAL[column] = schema.isUnion();
      TYPES[column] = (schema.isUnion() ? schema.getTypes().get(1) : schema).getType();
    }
  }

  private final int[] starts = new int[TYPES.length + 1];
  private byte[] bytes = new byte[0];

  /**
   * Moves to a row, and finds its columns up to a position.
   *
   * @param rows an array that contains the row, not to be changed before the next move
   * @param offset index of its first byte
   * @param lastColumn position of the last column to find, among all of the row's
   */
  public void move(byte[] rows, int offset, int lastColumn) {
    bytes = rows;
    int at = offset;
    for (int column = 0; column <= lastColumn; column++) {
      starts[column] = at;
      at = endOf(column, at);
    }
    starts[lastColumn + 1] = at;
  }

  private int endOf(int column, int start) {
    int at = start;
    if (OPTIONAL[column] && bytes[at++] == 0) {
      return at;
    }
    return switch (TYPES[column]) {
      case BOOLEAN -> at + 1;
      case DOUBLE -> at + Double.BYTES;
      case INT, LONG -> endOfNumber(at);
      case STRING -> endOfNumber(at) + (int) number(at);
      default -> throw new IllegalStateException("Rows have no column of " + TYPES[column]);
    };
  }

  private int endOfNumber(int start) {
    int at = start;
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private long number(int start) {
    long zigzag = 0;
    int at = start;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      zigzag |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** Where the bytes of a column begin. */
  public int start(int column) {
    return starts[column];
  }

  /** Where the bytes of a column end. */
  public int end(int column) {
    return starts[column + 1];
  }

  /** The value of a column, as Iceberg has it in Java. */
  public @Nullable Object value(int column) {
    int at = starts[column];
    if (OPTIONAL[column] && bytes[at++] == 0) {
      return null;
    }
    return switch (TYPES[column]) {
      case BOOLEAN -> bytes[at] != 0;
      case DOUBLE ->
          ByteBuffer.wrap(bytes, at, Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).getDouble();
      case INT -> (int) number(at);
      case LONG -> number(at);
      case STRING -> new String(bytes, endOfNumber(at), (int) number(at), StandardCharsets.UTF_8);
      default -> throw new IllegalStateException("Rows have no column of " + TYPES[column]);
    };
  }
}
