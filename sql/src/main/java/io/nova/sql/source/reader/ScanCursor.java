package io.nova.sql.source.reader;

import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** Rows one by one. The caller closes it. */
public interface ScanCursor extends Closeable {
  /** The next row, the same object each time with other values; null after the last. */
  @Nullable RowData next() throws IOException;
}
