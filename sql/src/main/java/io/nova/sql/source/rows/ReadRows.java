package io.nova.sql.source.rows;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A cursor over the rows of a part that pass the exact filter. Its cells have the values of the row
 * under the cursor. The caller closes it. Used by one thread.
 */
public interface ReadRows extends Closeable {
  /**
   * Moves to the next row.
   *
   * @return the number of equal rows that the cursor stands for; 0 after the last
   */
  long advance() throws IOException;

  /** The cells of all columns of the layout, the same for all rows. */
  List<Cell> cells();
}
