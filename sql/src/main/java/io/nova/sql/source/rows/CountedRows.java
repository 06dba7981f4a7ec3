package io.nova.sql.source.rows;

import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.RowLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number of equal rows, for a part that need not be opened: no stored column is read. */
public final class CountedRows implements ReadRows {
  private final List<Cell> cells;
  private long left;

  /**
   * The rows of a part, none of them if the filter drops them.
   *
   * @param constants the layout's constants for the part
   */
  public CountedRows(
      RowLayout layout, @Nullable Object[] constants, ExactFilter filter, long rows) {
    this.cells = ConstantCell.all(constants);
    this.left = RowTests.of(filter, layout, cells).passes() ? rows : 0;
  }

  @Override
  public long advance() {
    long rows = left;
    left = 0;
    return rows;
  }

  @Override
  public List<Cell> cells() {
    return cells;
  }

  @Override
  public void close() {}
}
