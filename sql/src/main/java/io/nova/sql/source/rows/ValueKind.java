package io.nova.sql.source.rows;

import io.nova.sql.source.Instants;
import org.apache.iceberg.types.Type;

/** The form of a column's values in this package. All but texts are numbers of 64 bits. */
public enum ValueKind {
  TEXT,
  LONG,
  INT,
  /** Microseconds since 1970. */
  INSTANT,
  /** 1 for true, 0 for false. */
  BOOLEAN,
  /** The bits of the double. */
  DOUBLE;

  /**
   * The form of a type.
   *
   * @throws IllegalStateException if the table has no columns of this type
   */
  public static ValueKind of(Type type) {
    return switch (type.typeId()) {
      case STRING -> TEXT;
      case LONG -> LONG;
      case INTEGER -> INT;
      case TIMESTAMP -> INSTANT;
      case BOOLEAN -> BOOLEAN;
      case DOUBLE -> DOUBLE;
      default -> throw new IllegalStateException("The table has no column of the type " + type);
    };
  }

  /** The number as a value of a Flink row. */
  public Object boxed(long number) {
    return switch (this) {
      case LONG -> number;
      case INT -> (int) number;
      case INSTANT -> Instants.ofMicros(number);
      case BOOLEAN -> number != 0;
      case DOUBLE -> Double.longBitsToDouble(number);
      case TEXT -> throw new IllegalStateException("A text is no number");
    };
  }

  /** A stored value, as Avro and Iceberg's literals have it, as a number. */
  public static long number(Object stored) {
    if (stored instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    return stored instanceof Double value
        ? Double.doubleToRawLongBits(value)
        : ((Number) stored).longValue();
  }
}
