package io.nova.sql.source.reader;

import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** A number of equal rows, for a file that need not be opened: no stored column is read. */
final class CountedRows implements ScanCursor {
  private final RowData row;
  private long left;

  /** This row, repeated. */
  CountedRows(RowData row, long rows) {
    this.row = row;
    this.left = rows;
  }

  @Override
  public @Nullable RowData next() {
    return left-- > 0 ? row : null;
  }

  @Override
  public void close() {}
}
