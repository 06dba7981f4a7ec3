package io.nova.event.row;

import org.jspecify.annotations.Nullable;

/**
 * Finds the columns of an encoded row without decoding it.
 *
 * <p>Reused from row to row. Not thread safe.
 */
public final class RowCursor {
  private final int[] starts = new int[RowFormat.columns() + 1];
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
      at = RowFormat.end(bytes, column, at);
    }
    starts[lastColumn + 1] = at;
  }

  /** The array that contains the row. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the bytes of a column begin. */
  public int start(int column) {
    return starts[column];
  }

  /** Where the bytes of a column end. */
  public int end(int column) {
    return starts[column + 1];
  }

  /** The number of bytes of the row, if all its columns were found. */
  public int sizeBytes() {
    return starts[starts.length - 1] - starts[0];
  }

  /** The value of a column, as Iceberg has it in Java. */
  public @Nullable Object value(int column) {
    int at = RowFormat.value(bytes, column, starts[column]);
    return at < 0 ? null : RowFormat.read(bytes, column, at);
  }
}
