package io.nova.sql.source.rows;

import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** A cursor over rows. The caller closes it. */
public interface ScanCursor extends Closeable {
  /** The next row; null after the last. The object is reused by the next call. */
  @Nullable RowData next() throws IOException;
}
