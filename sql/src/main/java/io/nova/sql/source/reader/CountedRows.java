package io.nova.sql.source.reader;

import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** As many rows as a file has, without opening it: enough when no stored column is asked for. */
final class CountedRows implements ScanCursor {
  private final RowData row;
  private long left;

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
