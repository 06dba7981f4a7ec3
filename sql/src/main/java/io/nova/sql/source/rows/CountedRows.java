package io.nova.sql.source.reader;

import java.util.List;

/** A number of equal rows, for a part that need not be opened: no stored column is read. */
final class CountedRows implements ReadRows {
  private final List<Cell> cells;
  private long left;

  /** The rows of a part, none of them if the filter drops them. */
  CountedRows(List<Cell> cells, RowTest test, long rows) {
    this.cells = cells;
    this.left = test.passes() ? rows : 0;
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
