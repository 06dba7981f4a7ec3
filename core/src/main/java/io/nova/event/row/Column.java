package io.nova.event.row;

import io.nova.event.EventTimes;

/**
 * One column of an event row that comes from one key of the export record.
 *
 * @param fieldId the Iceberg field id, the same in Avro and Parquet files, never reused
 * @param name the column's name in tables and queries
 * @param key the key in the JSON record
 * @param kind the JSON values that fit
 */
public record Column(int fieldId, String name, String key, Kind kind) {
  /** The JSON values that fit a column, and how they are stored. */
  public enum Kind {
    /** A JSON string without lone surrogates. */
    STRING,
    /** A JSON integer of at most 64 bits. */
    INTEGER,
    /** A JSON number within the range of a double. */
    DOUBLE,
    /** A JSON boolean. */
    BOOLEAN,
    /** A JSON string that {@link EventTimes} reads; stored as microseconds since 1970. */
    TIME,
    /** Any JSON value; stored as its own bytes. */
    JSON
  }

  public Column {
    if (fieldId <= 0) {
      throw new IllegalArgumentException(
          "Column %s: field id %s is not positive".formatted(name, fieldId));
    }
  }
}
