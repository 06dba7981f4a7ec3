package io.nova.sql.source.reader;

import io.nova.sql.source.split.ScanSplit;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** A split that is being read. Used by one thread. */
public interface SplitProgress extends Closeable {
  /**
   * The next row, valid until the next call. Null if there is none, or none yet for an endless
   * split.
   *
   * @throws IOException if a file or view is gone or damaged; the message names it
   */
  @Nullable RowData next() throws IOException;

  /** Whether more rows may come after null. */
  boolean isEndless();

  /** Completes when an endless split may be polled again after null. */
  CompletableFuture<Void> wake();

  /** The rest of the split, for another reader. */
  ScanSplit remaining();
}
