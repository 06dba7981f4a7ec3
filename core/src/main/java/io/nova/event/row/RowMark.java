package io.nova.event.row;

import java.util.Arrays;

/**
 * The last column of a row, {@link EventSchema#CONFLICTING}: whether the event was admitted
 * although an admitted copy has another payload.
 *
 * <p>A row is encoded before that is decided, so the mark is made in its bytes: in an Avro union,
 * null is one byte and true is two.
 */
public final class RowMark {
  private static final byte NULL = 0;
  private static final byte BOOLEAN = 2;
  private static final byte TRUE = 1;

  private RowMark() {}

  /**
   * A copy of an unmarked row, with the mark.
   *
   * @throws IllegalStateException where the row does not end as an unmarked one does
   */
  public static byte[] conflicting(byte[] row) {
    int last = row.length - 1;
    if (last < 0 || row[last] != NULL) {
      throw new IllegalStateException(
          "A row of " + row.length + " bytes is to be marked, but does not end without a mark");
    }
    byte[] marked = Arrays.copyOf(row, row.length + 1);
    marked[last] = BOOLEAN;
    marked[last + 1] = TRUE;
    return marked;
  }
}
