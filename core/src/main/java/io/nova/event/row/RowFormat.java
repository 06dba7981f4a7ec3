package io.nova.event.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The bytes of an encoded row. Avro writes the columns one after the other: a null is one byte, an
 * integer has a marked end, a string begins with its length. So a reader steps over what it does
 * not need.
 *
 * <p>Offsets are indexes into an array that contains the row.
 */
public final class RowFormat {
  private static final List<Schema.Field> FIELDS = EventSchema.avro().getFields();
  private static final boolean[] OPTIONAL = new boolean[FIELDS.size()];
  private static final Schema.Type[] TYPES = new Schema.Type[FIELDS.size()];
  private static final VarHandle REAL =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  static {
    for (int column = 0; column < TYPES.length; column++) {
      Schema schema = FIELDS.get(column).schema();
      OPTIONAL[column] = schema.isUnion();
      TYPES[column] = (schema.isUnion() ? schema.getTypes().get(1) : schema).getType();
    }
  }

  private RowFormat() {}

  /** The number of columns. */
  public static int columns() {
    return TYPES.length;
  }

  /** The type of a column: STRING, LONG, INT, DOUBLE or BOOLEAN. */
  public static Schema.Type type(int column) {
    return TYPES[column];
  }

  /** Whether a column may be null. */
  public static boolean optional(int column) {
    return OPTIONAL[column];
  }

  /** The offset of a column's value: after the mark of an optional one. -1 for a null. */
  public static int value(byte[] bytes, int column, int start) {
    if (!OPTIONAL[column]) {
      return start;
    }
    return bytes[start] == 0 ? -1 : start + 1;
  }

  /** The offset after a column that begins at this offset. */
  public static int end(byte[] bytes, int column, int start) {
    int value = value(bytes, column, start);
    return value < 0 ? start + 1 : endOfValue(bytes, column, value);
  }

  /** The offset after a value that begins at this offset. */
  static int endOfValue(byte[] bytes, int column, int value) {
    return switch (TYPES[column]) {
      case BOOLEAN -> value + 1;
      case DOUBLE -> value + Double.BYTES;
      case INT, LONG -> text(bytes, value);
      case STRING -> text(bytes, value) + (int) number(bytes, value);
      default -> throw new IllegalStateException("Rows have no column of " + TYPES[column]);
    };
  }

  /** The offset of a string's UTF-8 bytes: after their number, which is the value's start. */
  public static int text(byte[] bytes, int value) {
    int at = value;
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }

  /** An integer, or the number of a string's UTF-8 bytes. */
  public static long number(byte[] bytes, int value) {
    long zigzag = 0;
    int at = value;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      zigzag |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** A floating point number. */
  public static double real(byte[] bytes, int value) {
    return (double) REAL.get(bytes, value);
  }

  /** A truth value. */
  public static boolean flag(byte[] bytes, int value) {
    return bytes[value] != 0;
  }

  /** A value as Iceberg has it in Java. */
  static Object read(byte[] bytes, int column, int value) {
    return switch (TYPES[column]) {
      case BOOLEAN -> flag(bytes, value);
      case DOUBLE -> real(bytes, value);
      case INT -> (int) number(bytes, value);
      case LONG -> number(bytes, value);
      case STRING ->
          new String(bytes, text(bytes, value), (int) number(bytes, value), StandardCharsets.UTF_8);
      default -> throw new IllegalStateException("Rows have no column of " + TYPES[column]);
    };
  }
}
