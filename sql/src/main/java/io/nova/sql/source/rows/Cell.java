package io.nova.sql.source.rows;

import org.apache.flink.table.data.binary.BinaryStringData;
import org.jspecify.annotations.Nullable;

/** The value of one column in the row under a cursor. Used by one thread. */
public interface Cell {
  /** Whether the value is null. */
  boolean isNull();

  /** The value of a column without texts, in the form of its {@link ValueKind}. */
  long number();

  /** The value of a column of texts. It is valid until the cursor moves. */
  BinaryStringData text();

  /** The value as a Flink row has it, or null. It stays valid. */
  @Nullable Object value();

  /** The value's index in the column's dictionary; {@link #codes} for null; -1 for neither. */
  int code();

  /** The number of entries in the dictionary. */
  int codes();

  /** The dictionary; another object once the codes have other meanings. Null if there is none. */
  @Nullable Object dictionary();
}
