package io.nova.event.row;

import java.util.Arrays;

/**
 * The places of the values of some rows, by column. So a writer handles a column of many rows at
 * once.
 *
 * <p>All rows are in one array, which must not change while they are in the batch. Reused. Not
 * thread safe.
 */
public final class RowBatch {
  private static final int CAPACITY = 512;

  private final int[][] values = new int[RowFormat.columns()][CAPACITY];
  private final int[] present = new int[RowFormat.columns()];
  private int rows;

  /**
   * Adds a row.
   *
   * @param bytes the array that contains it
   * @param offset index of its first byte
   * @return whether the batch is full: it must be cleared before the next row
   */
  public boolean add(byte[] bytes, int offset) {
    int at = offset;
    for (int column = 0; column < values.length; column++) {
      int value = RowFormat.value(bytes, column, at);
      values[column][rows] = value;
      if (value < 0) {
        at++;
      } else {
        at = RowFormat.endOfValue(bytes, column, value);
        present[column]++;
      }
    }
    rows++;
    return rows == CAPACITY;
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /** The number of rows in which a column is not null. */
  public int present(int column) {
    return present[column];
  }

  /** The offset of the value of a column in a row, counted from 0; -1 for a null. */
  public int value(int column, int row) {
    return values[column][row];
  }

  /** Removes all rows. */
  public void clear() {
    rows = 0;
    Arrays.fill(present, 0);
  }
}
